import type { TaskModule } from '@carillon/worker';
import type { Logger } from 'pino';
import type { Io } from '../io.js';
import { type ShownMetrics, showMetrics } from '../metrics/server.js';
import { type PlaceOptions, placeOf } from '../options/place.js';
import { loadingHealth, TaskFile } from './load-tasks.js';
import { executorsOf, type ServerOptions, timeoutsOf, type WorkOptions } from './options.js';
import type { Server } from './serve.js';

export interface TaskServerOptions extends PlaceOptions, WorkOptions, ServerOptions {}

/** What runs the tasks. */
interface Runner {
  start(): Promise<void>;
  /** undefined if it has not begun to start what runs them. */
  health(): object | undefined;
  shutdown(): Promise<void>;
}

/** The options of what runs the tasks, from those of the command. */
export type RunnerOptions = ReturnType<typeof placeOf> &
  ReturnType<typeof timeoutsOf> &
  TaskModule & {
    readonly taskFile: string;
    readonly executors: ReturnType<typeof executorsOf>;
    readonly logger: Logger;
    readonly telemetry: ShownMetrics['telemetry'] | undefined;
  };

/** Loads the module of the tasks, then starts what runs them. It reports its health meanwhile. */
export class TaskServer implements Server {
  readonly #parts: { readonly env: NodeJS.ProcessEnv; readonly options: TaskServerOptions; readonly logger: Logger };
  readonly #module: TaskFile;
  readonly #make: (options: RunnerOptions) => Runner;
  #runner: Runner | undefined;
  #metrics: ShownMetrics | undefined;
  #isShutDown = false;

  constructor({ env }: Io, options: TaskServerOptions, logger: Logger, make: (options: RunnerOptions) => Runner) {
    this.#parts = { env, options, logger };
    this.#module = new TaskFile(options, logger);
    this.#make = make;
  }

  async start(): Promise<void> {
    const { env, options, logger } = this.#parts;
    const place = placeOf(options, env);
    const executors = executorsOf(options);
    this.#metrics = await showMetrics(options);
    const { telemetry } = this.#metrics ?? {};
    const taskModule = await this.#module.load();
    if (this.#isShutDown) return;
    const timeouts = timeoutsOf(options);
    this.#runner = this.#make({
      ...{ ...place, ...taskModule, ...timeouts },
      ...{ taskFile: options.tasks, executors, logger, telemetry },
    });
    await this.#runner.start();
  }

  health(): object {
    return this.#runner?.health() ?? loadingHealth(this.#module);
  }

  async shutdown(): Promise<void> {
    this.#isShutDown = true;
    await this.#runner?.shutdown();
    this.#metrics?.close();
  }
}
