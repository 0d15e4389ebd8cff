import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a process ended: exactly one of the two is not null. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Message {
  readonly ready?: string;
  readonly number?: number;
  readonly answer?: unknown;
}

const READY_MS = 120_000;
const ANSWER_MS = 60_000;

export type Program = 'coordinator' | 'worker' | 'listener';

/** Returns a file of `processes`: packed for a run of tests (`programs.ts`), otherwise as it is. */
export function programFile(name: Program | 'executor-tasks' | 'traced-tasks'): string {
  const folder = process.env.CARILLON_TEST_PROGRAMS ?? fileURLToPath(new URL('./processes', import.meta.url));
  return join(folder, `${name}.js`);
}

/** A coordinator, a worker or a listener in its own process, which runs the build. */
export class ServerProcess {
  /** The server's own id. */
  id = '';
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  readonly #ready: Promise<string>;
  readonly #output: string[] = [];
  readonly #answers = new Map<number, (answer: unknown) => void>();
  #questions = 0;

  /** @param program one of those in `processes`, or a file. */
  constructor(program: Program | URL, given: object) {
    const file = program instanceof URL ? fileURLToPath(program) : programFile(program);
    this.#child = fork(file, [JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#output.push(String(chunk)));
    }
    this.ended = once(this.#child, 'exit').then(([code, signal]) => ({ code, signal }));
    this.#child.on('message', (message: Message) => this.#onMessage(message));
    this.#ready = new Promise((resolve) => {
      this.#child.on('message', ({ ready }: Message) => ready !== undefined && resolve(ready));
    });
  }

  /** Resolves once the server reports that it is ready. */
  async ready(): Promise<this> {
    this.id = await this.#unlessEnded(this.#ready, READY_MS, 'word that it is ready');
    return this;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The text that it wrote to standard output and error. */
  get output(): string {
    return this.#output.join('');
  }

  /** Asks the server for its health. */
  async health<T>(): Promise<T> {
    return (await this.ask('health')) as T;
  }

  ask(question: string, what?: string): Promise<unknown> {
    const number = ++this.#questions;
    const answered = new Promise((resolve) => this.#answers.set(number, resolve));
    // If the process has ended, the error below says so.
    this.#child.send({ number, question, what }, () => {});
    return this.#unlessEnded(answered, ANSWER_MS, `answer to ${question}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves with how it ended, by itself or by a signal that was sent. @throws Error if it does not end in time. */
  async ending(limitMs: number): Promise<Ending> {
    return within(this.ended, limitMs, 'end');
  }

  #onMessage({ number, answer }: Message): void {
    if (number === undefined) return;
    this.#answers.get(number)?.(answer);
    this.#answers.delete(number);
  }

  #unlessEnded<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
    const early = this.ended.then(({ code, signal }) => {
      throw new Error(`the process ended (${code ?? signal}) before its ${what}:\n${this.output}`);
    });
    return within(Promise.race([promise, early]), limitMs, what);
  }
}

async function within<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
