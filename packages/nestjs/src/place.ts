import { Coordinator } from '@carillon/coordinator';
import { type RedisOptions, Scheduler, type TaskFunction } from '@carillon/core';
import { isInMemory } from '@carillon/core/internal';
import { OwnMemory } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { type CarillonModuleOptions, checkModuleOptions } from './options.js';

/** Creates the parts of a process, all on one Redis, or in the memory of this process. */
export class Place {
  readonly options: CarillonModuleOptions;
  readonly #memory: OwnMemory | undefined;

  /** @throws InvalidOptionsError */
  constructor(options: CarillonModuleOptions) {
    this.options = checkModuleOptions(options);
    this.#memory = isInMemory(options) ? new OwnMemory() : undefined;
  }

  get isInMemory(): boolean {
    return this.#memory !== undefined;
  }

  /** In memory, the process lives from now on until `stop`. */
  start(): void {
    this.#memory?.start();
  }

  stop(): void {
    this.#memory?.stop();
  }

  scheduler(): Scheduler {
    const { timezone = Intl.DateTimeFormat().resolvedOptions().timeZone, jobDefaults } = this.options;
    return new Scheduler({ ...this.#common(), timezone, jobDefaults });
  }

  coordinator(): Coordinator {
    const { lease, account } = this.options;
    return new Coordinator({ ...this.#common(), lease, account });
  }

  worker(tasks: Readonly<Record<string, TaskFunction>>): Worker<Readonly<Record<string, TaskFunction>>> {
    const { executors, unknownTaskTimeout, shutdownTimeout } = this.options;
    return new Worker({ ...this.#common(), tasks, executors, unknownTaskTimeout, shutdownTimeout });
  }

  #common() {
    const { redis, prefix, logger, telemetry, jobStores } = this.options;
    const settings = { prefix, logger, telemetry, jobStores };
    if (this.#memory) return { ...settings, backend: this.#memory.connect() };
    return { ...settings, redis: redis as RedisOptions };
  }
}
