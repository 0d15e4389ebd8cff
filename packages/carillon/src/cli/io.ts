import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Logger } from 'pino';
import { EXIT } from './exit-codes.js';

/** What a command reads, writes and hears: that of its process, or a test's own. */
export interface Surroundings {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: NodeJS.ProcessEnv;
  /** Emits SIGTERM and SIGINT. */
  readonly signals: Pick<EventEmitter, 'on' | 'off' | 'once'>;
  /** Where a server logs to, from this level on. */
  logger(level: string): Logger | Promise<Logger>;
}

/** How a command ended. */
export interface Ended {
  readonly code: number;
  /** Ends the process, whatever keeps it alive: a task's module, an output that takes nothing. */
  readonly atOnce: boolean;
}

/** Answers go to stdout, everything else to stderr, so that programs can read the answers. */
export class Io {
  readonly surroundings: Surroundings;
  /** Settings that are not empty: shells and Compose files pass on unset settings. */
  readonly env: NodeJS.ProcessEnv;
  /** Resolves where a command ends before it is done: see `end`. */
  readonly ended: Promise<Ended>;
  /** What the command ends with, unless it fails. */
  exitCode: number = EXIT.ok;
  readonly #end: (ended: Ended) => void;
  #isStderrBroken = false;

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
    this.env = withoutEmpty(surroundings.env);
    let end: (ended: Ended) => void = () => {};
    this.ended = new Promise((resolve) => {
      end = resolve;
    });
    this.#end = end;
    surroundings.stdout.on('error', (error: NodeJS.ErrnoException) => this.#broken(error));
    surroundings.stderr.on('error', () => {
      this.#isStderrBroken = true;
    });
  }

  say(text: string): void {
    this.surroundings.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** One JSON value on a line of its own. */
  sayJson(value: unknown): void {
    this.surroundings.stdout.write(`${JSON.stringify(value)}\n`);
  }

  note(text: string): void {
    this.surroundings.stderr.write(`carillon: ${text}\n`);
  }

  /** Ends the process with this code, at once. */
  end(code: number): void {
    this.#end({ code, atOnce: true });
  }

  /** Resolves once everything is written; `ended` does first where that fails. */
  async flushed(): Promise<void> {
    const { stdout, stderr } = this.surroundings;
    await Promise.all(
      [stdout, stderr].map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))),
    );
    // An error comes after the callback of the write that it ended.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#isStderrBroken) this.exitCode ||= EXIT.failed;
  }

  #broken({ code, message }: NodeJS.ErrnoException): void {
    // The reader has gone, as with `| head`: that is not a failure.
    if (code !== 'EPIPE') this.note(`standard output cannot be written, and the answer is lost: ${message}`);
    this.end(code === 'EPIPE' ? this.exitCode : EXIT.failed);
  }
}

function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOurs = (name: string) => name.startsWith('CARILLON_') || name === 'REDIS_URL';
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => !(value === '' && isOurs(name))));
}
