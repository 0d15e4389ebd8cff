import { fileURLToPath } from 'node:url';
import { type Contracts, InvalidOptionsError, type TaskFunction } from '@carillon/core';
import type { Clock, Report } from '@carillon/core/internal';
import { Durations } from '../durations.js';
import { type CheckedExecutor, checkExecutor, type ExecutorOptions } from '../executor-options.js';
import { PublishedContracts } from '../published-contracts.js';
import { type ResourceLimits, Resources, type TaskHooks } from '../resources.js';
import { differingSchemas, type SchemaPrints, schemaPrints } from '../schema-prints.js';
import { SlotPool } from '../slots.js';
import { fileOf } from '../task-file.js';
import { checkTask, type TaskFunctions } from '../tasks.js';
import { AsyncRunner } from './async-runner.js';
import { PoolRunner } from './pool-runner.js';
import type { TaskRunner } from './task-runner.js';

/** An executor, and the runner of its tasks. */
export interface Executor extends CheckedExecutor {
  readonly runner: TaskRunner;
  /** The slots that the job stores of the worker share. */
  readonly slots: SlotPool;
  readonly durations: Durations;
}

export interface ExecutorsParts {
  readonly tasks: Map<string, TaskFunction>;
  /** The functions that open and close the resources of these tasks. */
  readonly hooks: TaskHooks;
  readonly limits: ResourceLimits;
  /** Required unless all executors are of kind `async`. */
  readonly taskFile: URL | undefined;
  /** How long that module may take to load, ms; default: 30 s. */
  readonly loadMs?: number | undefined;
  readonly clock: Clock;
  readonly report: Report;
}

/** The executors of a worker, by alias. */
export class Executors {
  readonly #parts: ExecutorsParts;
  readonly #executors = new Map<string, Executor>();
  /** The resources of tasks on the event loop. */
  readonly #resources: Resources;
  readonly #contracts: PublishedContracts;
  /** Executors and tasks that were reported because their module has another schema of the task. */
  readonly #differing = new Set<string>();
  /** Aliases of the executors that are being removed. */
  readonly #leaving = new Set<string>();

  constructor(executors: readonly CheckedExecutor[], parts: ExecutorsParts) {
    this.#parts = parts;
    const { hooks, limits, clock } = parts;
    const [owner = 'this worker'] = [hooks.setup, hooks.teardown].flatMap((hook) => (hook && fileOf(hook)) ?? []);
    this.#contracts = new PublishedContracts(parts.tasks, parts.report);
    this.#resources = new Resources({ ...hooks, ...limits, owner, clock });
    for (const executor of executors) this.#add(executor);
  }

  /** The executors that take runs. */
  get all(): readonly Executor[] {
    return [...this.#executors.values()].filter(({ alias }) => !this.#leaving.has(alias));
  }

  /** Names of the tasks. */
  get tasks(): readonly string[] {
    return [...this.#parts.tasks.keys()];
  }

  /** The tasks on the event loop, by name. */
  get callables(): TaskFunctions {
    return this.#parts.tasks;
  }

  /** The contracts of the tasks' arguments, as far as they are published. */
  get contracts(): Contracts {
    return this.#contracts.all;
  }

  /** Adds a task to the executors on the event loop. @throws InvalidOptionsError if there is one of this name, or it is wrong. */
  addTask(name: string, task: TaskFunction): void {
    const checked = checkTask(name, task);
    const { tasks } = this.#parts;
    if (tasks.has(name)) {
      throw new InvalidOptionsError(`task ${JSON.stringify(name)} is here already: remove it first`);
    }
    tasks.set(name, checked);
    this.#contracts.renew();
  }

  /** @throws InvalidOptionsError if there is none of this name. */
  removeTask(name: string): void {
    if (this.#parts.tasks.delete(name)) {
      this.#contracts.renew();
      return;
    }
    const known = this.tasks.join(', ') || 'none';
    throw new InvalidOptionsError(`task ${JSON.stringify(name)} is not here: there are ${known}`);
  }

  /** @throws InvalidOptionsError if there is one of this alias, or the options are wrong. */
  add(alias: string, options: ExecutorOptions): Executor {
    if (this.#leaving.has(alias)) {
      throw new InvalidOptionsError(`executor ${JSON.stringify(alias)} is being removed: wait until that is done`);
    }
    if (this.#executors.has(alias)) {
      throw new InvalidOptionsError(`executor ${JSON.stringify(alias)} is here already: remove it first`);
    }
    return this.#add(checkExecutor(alias, options, this.#parts.taskFile));
  }

  /** Calls `leave` before it removes the executor. @throws InvalidOptionsError if there is none of this alias. */
  async remove(alias: string, leave: (executor: Executor) => Promise<void>): Promise<void> {
    const executor = this.#executors.get(alias);
    if (!executor || this.#leaving.has(alias)) {
      const known = this.all.map((one) => one.alias).join(', ') || 'none';
      throw new InvalidOptionsError(`executor ${JSON.stringify(alias)} is not here: there are ${known}`);
    }
    this.#leaving.add(alias);
    try {
      await leave(executor);
      await executor.runner.close();
    } finally {
      this.#executors.delete(alias);
      this.#leaving.delete(alias);
    }
  }

  /** Stops running tasks as far as possible, then closes the resources of the tasks. */
  async close(): Promise<void> {
    const all = [...this.#executors.values()];
    const closed = (isHere: boolean) =>
      all.filter(({ kind }) => (kind === 'async') === isHere).map(({ runner }) => runner.close());
    await Promise.all([Promise.all(closed(true)).then(() => this.#closeResources()), ...closed(false)]);
  }

  async #closeResources(): Promise<void> {
    const error = await this.#resources.close();
    if (error) this.#parts.report({ kind: 'teardown_failed', executor: null, error });
  }

  #add(executor: CheckedExecutor): Executor {
    const added = {
      ...executor,
      runner: this.#runner(executor),
      slots: new SlotPool(executor.concurrency, this.#parts.clock),
      durations: new Durations(this.#parts.clock),
    };
    this.#executors.set(executor.alias, added);
    return added;
  }

  /**
   * Clients check calls against the schemas of `tasks`, and runs are checked here by those of the module: each task whose schemas
   * differ is reported once.
   */
  #reportDiffering(executor: string, taskFile: URL, schemas: SchemaPrints): void {
    const { tasks, report } = this.#parts;
    for (const task of differingSchemas(schemaPrints(tasks), schemas)) {
      const key = `${executor} ${task}`;
      if (this.#differing.has(key)) continue;
      this.#differing.add(key);
      report({ kind: 'schema_differs', task, executor, taskFile: fileURLToPath(taskFile) });
    }
  }

  #runner({ alias, kind, concurrency }: CheckedExecutor): TaskRunner {
    const { tasks, taskFile, loadMs, limits, clock, report } = this.#parts;
    if (kind === 'async' || !taskFile) return new AsyncRunner(tasks, this.#resources, clock);
    const onIdleDeath = (error: Error) => report({ kind: 'executor_died', executor: alias, error });
    const onSlowLoad = () => report({ kind: 'tasks_loading', executor: alias, taskFile: fileURLToPath(taskFile) });
    const onTeardownFailure = (error: Error) => report({ kind: 'teardown_failed', executor: alias, error });
    const onSchemas = (schemas: SchemaPrints) => this.#reportDiffering(alias, taskFile, schemas);
    const reports = { onIdleDeath, onSlowLoad, onTeardownFailure, onSchemas };
    return new PoolRunner({ kind, concurrency, taskFile, loadMs, limits, clock, ...reports });
  }
}
