import type { Clock, Report } from '@carillon/core/internal';
import type { TaskFunctions } from '../tasks.js';
import { AsyncRunner } from './async-runner.js';
import { PoolRunner } from './pool-runner.js';
import type { ExecutorKind, TaskRunner } from './task-runner.js';

/** An executor of a worker, its options checked. */
export interface CheckedExecutor {
  readonly alias: string;
  readonly kind: ExecutorKind;
  readonly concurrency: number;
}

export interface ExecutorsParts {
  readonly tasks: TaskFunctions;
  /** Left out only where all executors are of kind `async`. */
  readonly taskFile: URL | undefined;
  readonly clock: Clock;
  readonly report: Report;
}

/** The ways in which a worker runs tasks, by executor. */
export class Executors {
  readonly #parts: ExecutorsParts;
  readonly #runners = new Map<string, TaskRunner>();

  constructor(executors: readonly CheckedExecutor[], parts: ExecutorsParts) {
    this.#parts = parts;
    for (const executor of executors) this.#runners.set(executor.alias, this.#runner(executor));
  }

  /** The tasks' names. */
  keys(): Iterable<string> {
    return this.#parts.tasks.keys();
  }

  runner(alias: string): TaskRunner | undefined {
    return this.#runners.get(alias);
  }

  /** Resolves once nothing runs any more that can be stopped. */
  async close(): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner.close()));
  }

  #runner({ alias, kind, concurrency }: CheckedExecutor): TaskRunner {
    const { tasks, taskFile, clock, report } = this.#parts;
    if (kind === 'async' || !taskFile) return new AsyncRunner(tasks, clock);
    const onIdleDeath = (error: Error) => report({ kind: 'executor_died', executor: alias, error });
    return new PoolRunner({ kind, concurrency, taskFile, clock, onIdleDeath });
  }
}
