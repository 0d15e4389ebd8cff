import type { LoadedTasks } from '@carillon/worker';
import { type Command, Option } from 'commander';
import type { Logger } from 'pino';
import { Carillon } from '../../carillon.js';
import { type RedisServer, startRedis } from '../../local-redis/index.js';
import type { Io } from '../io.js';
import { type ShownMetrics, showMetrics } from '../metrics/server.js';
import { givenRedis, type PlaceOptions, placeOf, withPlace } from '../options/place.js';
import { port } from '../options/values.js';
import { loadingHealth, TaskFile } from './load-tasks.js';
import { executorsOf, type ServerOptions, timeoutsOf, type WorkOptions, withServer, withWork } from './options.js';
import { type Server, serve } from './serve.js';

interface Options extends PlaceOptions, WorkOptions, ServerOptions {
  readonly data?: string;
  readonly port?: number;
}

const EXAMPLES = `
Where neither --redis nor the environment names a Redis, it starts one of its own, and says where that is. What it
holds is gone with it, unless --data names a folder.

Examples:
  $ carillon dev --tasks ./tasks.js
  $ carillon dev --tasks ./tasks.js --port 6379 --data ./.carillon
  $ carillon dev --tasks ./tasks.js --redis redis://localhost:6379`;

export function addDev(program: Command, io: Io): void {
  const command = program.command('dev').description('coordinator, worker and Redis in one go, for development');
  withServer(withPlace(withWork(command), 'several'))
    .addOption(new Option('--port <port>', 'of its own Redis (default: a free one)').argParser(port))
    .addOption(new Option('--data <folder>', 'keep the data of its own Redis there'))
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const logger = io.surroundings.logger(options.logLevel);
      await serve(io, new Development(io, options, logger), logger, options.healthSocket);
    });
}

/** Everything in this process, and a Redis where none is given. */
class Development implements Server {
  readonly #env: NodeJS.ProcessEnv;
  readonly #options: Options;
  readonly #module: TaskFile;
  readonly #logger: Logger;
  #redis: RedisServer | undefined;
  #carillon: Carillon<LoadedTasks> | undefined;
  #metrics: ShownMetrics | undefined;
  #isShutDown = false;

  constructor({ env }: Io, options: Options, logger: Logger) {
    this.#env = env;
    this.#options = options;
    this.#logger = logger;
    this.#module = new TaskFile(options, logger);
  }

  async start(): Promise<void> {
    const place = placeOf(this.#options, this.#env);
    const executors = executorsOf(this.#options);
    this.#metrics = await showMetrics(this.#options);
    const taskModule = await this.#module.load();
    if (this.#isShutDown) return;
    if (givenRedis(this.#options, this.#env) === undefined) this.#redis = await this.#startRedis();
    const redis = this.#redis?.url ?? place.redis;
    const work = {
      ...taskModule,
      ...timeoutsOf(this.#options),
      taskFile: this.#options.tasks,
      executors,
      logger: this.#logger,
      telemetry: this.#metrics?.telemetry,
    };
    this.#carillon = new Carillon({ ...place, ...work, redis });
    await this.#carillon.start();
  }

  health(): object {
    if (!this.#carillon) return loadingHealth(this.#module);
    return { status: 'running', ...this.#carillon.health() };
  }

  async shutdown(): Promise<void> {
    this.#isShutDown = true;
    await this.#carillon?.shutdown();
    await this.#redis?.stop();
    this.#metrics?.close();
  }

  async #startRedis(): Promise<RedisServer> {
    const { data, port } = this.#options;
    const kept = data === undefined ? {} : { dir: data, appendOnly: true };
    const log = (line: string) => this.#logger.info(line);
    const redis = await startRedis({ ...kept, ...(port === undefined ? {} : { port }), log });
    this.#logger.info({ redis: redis.url }, `started a Redis: elsewhere, use --redis ${redis.url}`);
    return redis;
  }
}
