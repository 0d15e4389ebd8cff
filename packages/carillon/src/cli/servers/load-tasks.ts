import { type Duration, InvalidOptionsError } from '@carillon/core';
import { reportTo } from '@carillon/core/internal';
import { loadTasks, type TaskModule } from '@carillon/worker';
import type { Logger } from 'pino';
import { UsageError } from '../exit-codes.js';

const SLOW_MS = 5_000;

export interface TaskFileOptions {
  readonly tasks: string;
  readonly loadTimeout?: Duration;
}

/** The module that `--tasks` names. */
export class TaskFile {
  readonly #options: TaskFileOptions;
  readonly #logger: Logger;
  #since: Date | undefined;

  constructor({ tasks, loadTimeout }: TaskFileOptions, logger: Logger) {
    this.#options = { tasks, ...(loadTimeout === undefined ? {} : { loadTimeout }) };
    this.#logger = logger;
  }

  /** Since when it is being loaded; undefined if it is not. */
  get loadingSince(): Date | undefined {
    return this.#since;
  }

  /** @throws UsageError if it has no tasks, cannot be loaded, or has not finished loading in time. */
  async load(): Promise<TaskModule> {
    const { tasks: taskFile, loadTimeout: timeout } = this.#options;
    this.#since = new Date();
    const report = reportTo(this.#logger);
    const timer = setTimeout(() => report({ kind: 'tasks_loading', taskFile }), SLOW_MS);
    try {
      return await loadTasks(taskFile, { timeout });
    } catch (error) {
      if (error instanceof InvalidOptionsError) throw new UsageError(`--tasks: ${error.message}`, { cause: error });
      throw error;
    } finally {
      clearTimeout(timer);
      this.#since = undefined;
    }
  }
}

/** What a server says of itself before it has its tasks. */
export function loadingHealth({ loadingSince }: TaskFile): object {
  const why = 'the module of the tasks has not finished loading';
  const unserved = loadingSince ? [{ reason: 'tasks_loading', since: loadingSince, why }] : [];
  return { status: 'starting', unserved };
}
