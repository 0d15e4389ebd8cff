import type { TaskFn } from './context.js';

/** A message of the parent: a file to load, or a call of its task. */
export type ToChild =
  | { readonly kind: 'load'; readonly url: string }
  | { readonly kind: 'run'; readonly call: number; readonly context: Parameters<TaskFn>[0] };

export type FromChild =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'not loaded'; readonly error: Thrown }
  | { readonly kind: 'returned'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'threw'; readonly call: number; readonly error: Thrown };

/** An error as it travels between processes. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly members: { readonly [name: string]: unknown };
}

let task: TaskFn | undefined;

process.on('message', (message: ToChild) => void (message.kind === 'load' ? load(message.url) : run(message)));
process.on('disconnect', () => process.exit(0));

async function load(url: string): Promise<void> {
  try {
    const module = await import(url);
    if (typeof module.task !== 'function') throw new TypeError(`${url} exports no function named task: export one`);
    task = module.task;
    send({ kind: 'loaded' });
  } catch (error) {
    send({ kind: 'not loaded', error: thrown(error) });
  }
}

async function run({ call, context }: Extract<ToChild, { kind: 'run' }>): Promise<void> {
  try {
    send({ kind: 'returned', call, value: await task?.(context) });
  } catch (error) {
    send({ kind: 'threw', call, error: thrown(error) });
  }
}

/** Throws if the value cannot be copied. */
function send(message: FromChild): void {
  process.send?.(message);
}

function thrown(error: unknown): Thrown {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), members: {} };
  const members = JSON.parse(JSON.stringify({ ...error }));
  return { name: error.name, message: error.message, stack: error.stack, members };
}
