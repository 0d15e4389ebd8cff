import { EventEmitter } from 'node:events';
import type { TaskContext, TaskEvent, TaskListener } from './context.js';

/** Calls listeners. One that throws or rejects does not affect the others. */
export class TaskEvents {
  readonly #emitter = new EventEmitter();
  readonly #onError: (error: Error) => void;

  constructor(onError: (error: Error) => void) {
    this.#onError = onError;
  }

  emit(event: TaskEvent, context: TaskContext): void {
    for (const listener of this.#emitter.rawListeners(event)) {
      void (async () => listener(context))().catch(this.#onError);
    }
  }

  hears(event: TaskEvent): boolean {
    return this.#emitter.listenerCount(event) > 0;
  }

  on(event: TaskEvent, listener: TaskListener): void {
    this.#emitter.on(event, listener);
  }

  off(event: TaskEvent, listener: TaskListener): void {
    this.#emitter.off(event, listener);
  }

  once(event: TaskEvent, listener: TaskListener): void {
    this.#emitter.once(event, listener);
  }
}
