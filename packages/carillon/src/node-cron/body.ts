import type { TaskContext, TaskFn } from './context.js';

/** The function of a schedule: in this process, or in a child process. */
export interface Body {
  /** Loads the function; left out if it needs no loading. Rejects if it cannot be loaded. */
  readonly open?: (onDeath: (error: Error) => void) => Promise<void>;
  run(context: TaskContext): unknown;
  /** Whether `run` may be called. */
  readonly isOpen: boolean;
  /** Ends it once its executions have finished. */
  close(): void;
}

export function inlineBody(run: TaskFn): Body {
  return { run, isOpen: true, close: () => {} };
}
