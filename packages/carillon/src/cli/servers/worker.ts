import type { Duration } from '@carillon/core';
import { type LoadedTasks, Worker } from '@carillon/worker';
import type { Command } from 'commander';
import type { Logger } from 'pino';
import type { Io } from '../io.js';
import { type ShownMetrics, showMetrics } from '../metrics/server.js';
import { type PlaceOptions, placeOf, withPlace } from '../options/place.js';
import { loadingHealth, TaskFile } from './load-tasks.js';
import {
  executorsOf,
  type ServerOptions,
  timeoutsOf,
  type WorkOptions,
  withLease,
  withServer,
  withWork,
} from './options.js';
import { type Server, serve } from './serve.js';

interface Options extends PlaceOptions, WorkOptions, ServerOptions {
  readonly lease?: Duration;
}

const EXAMPLES = `
The module exports a map of functions: \`export const tasks = { 'report.daily': async (region) => { … } }\`. Or the map
is its default export, or the functions are exports themselves and their names the tasks' names. Functions that it
exports as \`setup\` and \`teardown\` are no tasks: they open what tasks need, before the first one, and close it,
after the last one. TypeScript needs Node.js 22.18 or newer, or a loader in NODE_OPTIONS.
SIGTERM: takes no more runs, lets those that run finish, gives the rest back. A second one ends at once.

Examples:
  $ carillon worker --tasks ./tasks.js
  $ carillon worker --tasks ./tasks.ts --executor default:20 --executor mail:2 --shutdown-timeout 1m
  $ carillon worker --tasks ./tasks.js --executor mail:20 --global-concurrency mail:50 --rate-limit mail:100/1m
  $ carillon worker --tasks ./tasks.js --executor default,images:4:thread,reports:2:process`;

export function addWorker(program: Command, io: Io): void {
  const command = program.command('worker').description('run tasks');
  withServer(
    withLease(withPlace(withWork(command), 'several'), 'silent for longer, its runs run elsewhere (default: 5s)'),
  )
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const logger = io.surroundings.logger(options.logLevel);
      await serve(io, new LoadingWorker(io, options, logger), logger, options.healthSocket);
    });
}

/** A worker that loads its tasks first: meanwhile, it can be asked how it is. */
class LoadingWorker implements Server {
  readonly #env: NodeJS.ProcessEnv;
  readonly #options: Options;
  readonly #logger: Logger;
  readonly #module: TaskFile;
  #worker: Worker<LoadedTasks> | undefined;
  #metrics: ShownMetrics | undefined;
  #isShutDown = false;

  constructor({ env }: Io, options: Options, logger: Logger) {
    this.#env = env;
    this.#options = options;
    this.#logger = logger;
    this.#module = new TaskFile(options, logger);
  }

  async start(): Promise<void> {
    const { tasks: taskFile, lease } = this.#options;
    const place = placeOf(this.#options, this.#env);
    const executors = executorsOf(this.#options);
    this.#metrics = await showMetrics(this.#options);
    const taskModule = await this.#module.load();
    if (this.#isShutDown) return;
    const logger = this.#logger;
    this.#worker = new Worker({
      ...place,
      ...taskModule,
      ...timeoutsOf(this.#options),
      ...{ taskFile, executors, lease, logger, telemetry: this.#metrics?.telemetry },
    });
    await this.#worker.start();
  }

  health(): object {
    return this.#worker?.health() ?? loadingHealth(this.#module);
  }

  async shutdown(): Promise<void> {
    this.#isShutDown = true;
    await this.#worker?.shutdown();
    this.#metrics?.close();
  }
}
