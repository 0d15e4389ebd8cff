import type { LoadedTasks } from '@carillon/worker';
import { type Command, Option } from 'commander';
import { Carillon } from '../../carillon.js';
import { type RedisServer, startRedis } from '../../local-redis/index.js';
import type { Io } from '../io.js';
import { givenRedis, withPlace } from '../options/place.js';
import { port } from '../options/values.js';
import { withServer, withWork } from './options.js';
import { serve } from './serve.js';
import { type RunnerOptions, TaskServer, type TaskServerOptions } from './task-server.js';

interface Options extends TaskServerOptions {
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
      const server = new TaskServer(io, options, logger, (work) => new Development(io, options, work));
      await serve(io, server, logger, options.healthSocket);
    });
}

/** Everything in this process, and a Redis where none is given. */
class Development {
  readonly #ownRedis: boolean;
  readonly #options: Options;
  readonly #work: RunnerOptions;
  #redis: RedisServer | undefined;
  #carillon: Carillon<LoadedTasks> | undefined;

  constructor({ env }: Io, options: Options, work: RunnerOptions) {
    this.#ownRedis = givenRedis(options, env) === undefined;
    this.#options = options;
    this.#work = work;
  }

  async start(): Promise<void> {
    if (this.#ownRedis) this.#redis = await this.#startRedis();
    this.#carillon = new Carillon({ ...this.#work, redis: this.#redis?.url ?? this.#work.redis });
    await this.#carillon.start();
  }

  health(): object | undefined {
    return this.#carillon && { status: 'running', ...this.#carillon.health() };
  }

  async shutdown(): Promise<void> {
    await this.#carillon?.shutdown();
    await this.#redis?.stop();
  }

  async #startRedis(): Promise<RedisServer> {
    const { data, port } = this.#options;
    const kept = data === undefined ? {} : { dir: data, appendOnly: true };
    const { logger } = this.#work;
    const log = (line: string) => logger.info(line);
    const redis = await startRedis({ ...kept, ...(port === undefined ? {} : { port }), log });
    logger.info({ redis: redis.url }, `started a Redis: elsewhere, use --redis ${redis.url}`);
    return redis;
  }
}
