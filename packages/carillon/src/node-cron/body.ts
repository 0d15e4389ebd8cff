import type { TaskContext, TaskFn } from './context.js';

/** What a schedule calls: a function here, or one in a child process. */
export interface Body {
  /** Makes it ready. Left out: it is. Rejects where it cannot be loaded. */
  readonly open?: (onDeath: (error: Error) => void) => Promise<void>;
  run(context: TaskContext): unknown;
  /** Whether `run` may be called. */
  readonly isOpen: boolean;
  /** Ends it, once what runs has finished. */
  close(): void;
}

export function inlineBody(run: TaskFn): Body {
  return { run, isOpen: true, close: () => {} };
}
