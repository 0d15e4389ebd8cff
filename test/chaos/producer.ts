import { setTimeout as delay } from 'node:timers/promises';
import { ConnectionError, type Scheduler } from '@carillon/core';

const EVERY_MS = 200;
const WORK_MS = 30;

/** Enqueues a run now and then, also during faults, and keeps the ids of the acknowledged ones. */
export class Producer {
  readonly acknowledged: string[] = [];
  /** Errors other than those of a Redis that is unreachable, full or loading its data. */
  readonly faults: string[] = [];
  failed = 0;
  readonly #scheduler: Scheduler;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        this.acknowledged.push((await this.#scheduler.enqueue('chaos.work', [WORK_MS])).runId);
      } catch (error) {
        this.failed += 1;
        const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        // A full server replies OOM; a server that is still reading its data replies LOADING.
        if (!(error instanceof ConnectionError) && !/OOM|LOADING/.test(text)) this.faults.push(`enqueue: ${text}`);
      }
      await delay(EVERY_MS);
    }
  }
}
