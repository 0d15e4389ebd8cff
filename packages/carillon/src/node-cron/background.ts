import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { durationInUnit } from '@carillon/core/internal';
import type { Body } from './body.js';
import type { FromChild, Thrown, ToChild } from './child.js';
import { CHILD_FILE } from './child-file.js';
import type { TaskContext } from './context.js';

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const START_MS = 5_000;

/** The function `task` of a file, in a child process that lives while the schedule is started. */
export class Background implements Body {
  readonly #url: string;
  readonly #startMs: number;
  readonly #calls = new Map<number, Call>();
  #child: ChildProcess | undefined;
  #isClosing = false;
  #count = 0;

  constructor(url: string, startMs = START_MS) {
    this.#url = url;
    this.#startMs = startMs;
  }

  get isOpen(): boolean {
    return this.#child !== undefined && !this.#isClosing;
  }

  readonly open = async (onDeath: (error: Error) => void): Promise<void> => {
    const child = fork(fileURLToPath(CHILD_FILE), { serialization: 'advanced' });
    this.#child = child;
    this.#isClosing = false;
    try {
      await this.#loaded(child);
    } catch (error) {
      this.#forget(child);
      child.kill();
      throw error;
    }
    child.on('message', (message: FromChild) => this.#answer(message));
    child.on('exit', (code, signal) => this.#died(child, `code ${code}, signal ${signal}`, onDeath));
  };

  run({ task: _, ...context }: TaskContext): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) {
        reject(new Error('a background task is not started: call start() first'));
        return;
      }
      this.#count += 1;
      this.#calls.set(this.#count, { resolve, reject });
      this.#send({ kind: 'run', call: this.#count, context });
    });
  }

  close(): void {
    this.#isClosing = true;
    if (this.#calls.size > 0) return;
    const child = this.#child;
    if (child) this.#forget(child);
    child?.kill();
  }

  #loaded(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = `did not load within ${durationInUnit(this.#startMs)}: see whether it runs by itself, or raise startTimeout`;
      const timer = setTimeout(() => reject(new Error(`${this.#url} ${late}`)), this.#startMs);
      const failed = (error: Error) => {
        clearTimeout(timer);
        reject(error);
      };
      child.once('error', failed);
      child.once('exit', (code, signal) => failed(new Error(`its process ended: code ${code}, signal ${signal}`)));
      child.once('message', (message: FromChild) => {
        clearTimeout(timer);
        if (message.kind === 'not loaded') reject(errorOf(message.error));
        else resolve();
      });
      this.#send({ kind: 'load', url: this.#url });
    });
  }

  #answer(message: FromChild): void {
    if (message.kind !== 'returned' && message.kind !== 'threw') return;
    const call = this.#calls.get(message.call);
    this.#calls.delete(message.call);
    if (message.kind === 'returned') call?.resolve(message.value);
    else call?.reject(errorOf(message.error));
    if (this.#isClosing) this.close();
  }

  #died(child: ChildProcess, how: string, onDeath: (error: Error) => void): void {
    if (this.#child !== child) return;
    this.#forget(child);
    const error = new Error(`the process of a background task ended unexpectedly: ${how}`);
    for (const call of this.#calls.values()) call.reject(error);
    this.#calls.clear();
    onDeath(error);
  }

  #forget(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined;
  }

  #send(message: ToChild): void {
    this.#child?.send(message);
  }
}

function errorOf({ name, message, stack, members }: Thrown): Error {
  const known: unknown = (globalThis as Record<string, unknown>)[name];
  const Class = typeof known === 'function' && known.prototype instanceof Error ? (known as ErrorConstructor) : Error;
  return Object.assign(new Class(message), members, { name, stack });
}
