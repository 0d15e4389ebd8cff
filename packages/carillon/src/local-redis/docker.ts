import { randomBytes } from 'node:crypto';
import { type Outcome, onPath, run } from './command.js';
import { redisArgs } from './config.js';
import { NoRedisError, PortTakenError, reasonOf } from './errors.js';
import { whenGone } from './guard.js';
import type { Host } from './host.js';
import { ping } from './ping.js';
import { withPort } from './port.js';
import { untilReady } from './ready.js';
import type { RedisServer, StartRedisOptions } from './server.js';

const image = 'redis:7.4-alpine';
const infoMs = 10_000;
const pullMs = 300_000;

/** Starts Redis in a container. If that fails, for example without the image, the next way is tried. */
export async function startContainer(host: Host, options: StartRedisOptions): Promise<RedisServer | string> {
  if (onPath(['docker'], host.env.PATH) === undefined) return 'docker is not on the PATH';
  if (!(await run('docker', ['info'], { env: host.env, timeoutMs: infoMs })).ok) {
    return 'docker is installed, but `docker info` does not answer';
  }
  host.log(`Starting Redis in Docker (${image}, pulled if it is not there yet) ...`);
  try {
    return await withPort(options.port, async (port) => {
      const server = new RedisContainer(host.env, { ...options, port });
      await server.create();
      return server;
    });
  } catch (error) {
    return `docker could not start ${image}: ${reasonOf(error)}`;
  }
}

/** One container on one port. The port stays the same after a restart, so Docker does not choose it. */
class RedisContainer implements RedisServer {
  readonly url: string;
  readonly port: number;
  readonly source = 'docker';
  readonly pid = undefined;
  readonly #name = `carillon-redis-${randomBytes(4).toString('hex')}`;
  readonly #env: NodeJS.ProcessEnv;
  readonly #options: StartRedisOptions;
  #release = () => {};

  constructor(env: NodeJS.ProcessEnv, options: StartRedisOptions & { port: number }) {
    this.url = `redis://127.0.0.1:${options.port}`;
    this.port = options.port;
    this.#env = env;
    this.#options = options;
  }

  async create(): Promise<void> {
    const folder = this.#options.dir === undefined ? [] : ['-v', `${this.#options.dir}:/data`];
    const publish = ['-p', `127.0.0.1:${this.port}:6379`];
    this.#release = whenGone('docker rm -f -v "$1"', [this.#name], this.#env);
    try {
      await this.#docker('run', '-d', '--name', this.#name, ...publish, ...folder, image, ...this.#command());
      await this.#ready();
    } catch (error) {
      await this.stop().catch(() => {});
      throw error;
    }
  }

  async start(): Promise<void> {
    await this.#docker('start', this.#name);
    await this.#ready();
  }

  async kill(): Promise<void> {
    await this.#docker('kill', this.#name);
  }

  async restart(): Promise<void> {
    await this.#docker('restart', this.#name);
    await this.#ready();
  }

  async stop(): Promise<void> {
    await this.#docker('rm', '-f', '-v', this.#name);
    this.#release();
  }

  #command(): string[] {
    return ['redis-server', ...redisArgs(this.#options)];
  }

  #ready(): Promise<void> {
    return untilReady(() => ping(this.url, 1_000), { readyMs: this.#options.readyMs, giveUp: () => {} });
  }

  async #docker(...args: string[]): Promise<Outcome> {
    const outcome = await run('docker', args, { env: this.#env, timeoutMs: pullMs });
    if (outcome.ok) return outcome;
    if (/port is already allocated|address already in use/i.test(outcome.tail)) {
      throw new PortTakenError(`port ${this.port} is taken: choose another`);
    }
    throw new NoRedisError(outcome.tail);
  }
}
