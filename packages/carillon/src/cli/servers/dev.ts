import type { ListeningConsole } from '@carillon/console/node';
import type { LoadedTasks } from '@carillon/worker';
import { type Command, Option } from 'commander';
import { Carillon } from '../../carillon.js';
import { type RedisServer, startRedis } from '../../local-redis/index.js';
import { developConsole } from '../console/development.js';
import { loadConsole } from '../console/load.js';
import { CONSOLE_PORT } from '../console/port.js';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { givenRedis, withPlace } from '../options/place.js';
import { port, portOrFree } from '../options/values.js';
import { withServer, withWork } from './options.js';
import { serve } from './serve.js';
import { type RunnerOptions, TaskServer, type TaskServerOptions } from './task-server.js';

interface Options extends TaskServerOptions {
  readonly data?: string;
  readonly port?: number;
  readonly memory?: true;
  /** true: at its usual port. */
  readonly console?: number | true;
}

const EXAMPLES = `
If neither --redis nor the environment names a Redis, it starts one, and prints its URL. Its data are lost when it ends, unless --data names a folder. With --memory there is no Redis: no other terminal sees the jobs.

Examples:
  $ carillon dev --tasks ./tasks.js
  $ carillon dev --tasks ./tasks.js --console
  $ carillon dev --tasks ./tasks.js --console --memory
  $ carillon dev --tasks ./tasks.js --port 6379 --data ./.carillon
  $ carillon dev --tasks ./tasks.js --redis redis://localhost:6379`;

export function addDev(command: Command, io: Io): void {
  withServer(withPlace(withWork(command), 'several'))
    .addOption(new Option('--port <port>', 'the port of its own Redis (default: a free one)').argParser(port))
    .addOption(new Option('--data <folder>', 'the folder for the data of its own Redis'))
    .addOption(new Option('--memory', 'no Redis: jobs are in the memory of this process, and end with it'))
    .addOption(
      new Option(
        '--console [port]',
        `serve the console on this machine, for all of its users (default port: ${CONSOLE_PORT})`,
      ).argParser(portOrFree),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      if (options.memory) refuseOfRedis(command);
      const logger = await io.surroundings.logger(options.logLevel);
      const server = new TaskServer(io, options, logger, (work) => new Development(io, options, work));
      await serve(io, server, logger, options.healthSocket);
    });
}

/** What the environment says of Redis does not count where memory is asked for. */
function refuseOfRedis(command: Command): void {
  const given = ['redis', 'port', 'data'].filter((name) => command.getOptionValueSource(name) === 'cli');
  if (given.length > 0) throw new UsageError(`--memory: there is no Redis then: leave out --${given.join(', --')}`);
}

/** Everything in this process, and a Redis where none is given. */
class Development {
  readonly #ownRedis: boolean;
  readonly #options: Options;
  readonly #work: RunnerOptions;
  #isShutDown = false;
  #redis: RedisServer | undefined;
  #carillon: Carillon<LoadedTasks> | undefined;
  #console: ListeningConsole | undefined;

  constructor({ env }: Io, options: Options, work: RunnerOptions) {
    this.#ownRedis = !options.memory && givenRedis(options, env) === undefined;
    this.#options = options;
    this.#work = work;
  }

  async start(): Promise<void> {
    const { console } = this.#options;
    // Where it is not installed, nothing is started.
    const loaded = console === undefined ? undefined : await loadConsole();
    if (this.#ownRedis) this.#redis = await this.#startRedis();
    this.#carillon = this.#options.memory ? this.#inMemory() : this.#inRedis();
    await this.#carillon.start();
    if (!loaded) return;
    const port = typeof console === 'number' ? console : CONSOLE_PORT;
    const { logger } = this.#work;
    this.#console = await developConsole(loaded, { scheduler: this.#carillon, port, logger });
    if (this.#isShutDown) await this.#console.close();
  }

  health(): object | undefined {
    return this.#carillon && { status: 'running', ...this.#carillon.health() };
  }

  async shutdown(): Promise<void> {
    this.#isShutDown = true;
    await this.#console?.close();
    await this.#carillon?.shutdown();
    await this.#redis?.stop();
  }

  #inRedis(): Carillon<LoadedTasks> {
    return new Carillon({ ...this.#work, redis: this.#redis?.url ?? this.#work.redis });
  }

  #inMemory(): Carillon<LoadedTasks> {
    const { redis: _, ...work } = this.#work;
    work.logger.info('jobs are in memory: they end with this process, and other terminals do not see them');
    return new Carillon({ ...work, memory: true });
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
