import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastLines, onPath } from './command.js';
import { redisArgs } from './config.js';
import { NoRedisError, PortTakenError } from './errors.js';
import { whenGone } from './guard.js';
import type { Host } from './host.js';
import { ask, ping, RedisReplyError } from './ping.js';
import { withPort } from './port.js';
import { untilReady } from './ready.js';
import type { RedisServer, StartRedisOptions } from './server.js';

const programs = ['redis-server', 'valkey-server'];
const orderlyMs = 5_000;

/** Starts a Redis program that is installed already. */
export async function startOnPath(host: Host, options: StartRedisOptions): Promise<RedisServer | string> {
  const program = onPath(programs, host.env.PATH);
  if (program === undefined) return 'neither redis-server nor valkey-server is on the PATH';
  return startProcess(program, 'binary', options);
}

export async function startProcess(
  program: string,
  source: RedisServer['source'],
  options: StartRedisOptions,
): Promise<RedisServer> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'carillon-redis-')));
  try {
    return await withPort(options.port, async (port) => {
      const server = new RedisProcess(program, source, { ...options, port, dir, keep: options.dir !== undefined });
      await server.start();
      return server;
    });
  } catch (error) {
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

interface ProcessOptions extends StartRedisOptions {
  readonly port: number;
  readonly dir: string;
  /** Whether the data folder belongs to the caller, and is kept. */
  readonly keep: boolean;
}

/** A server program with one data folder and one port; it may be running or not. */
class RedisProcess implements RedisServer {
  readonly url: string;
  readonly port: number;
  readonly source: RedisServer['source'];
  readonly #program: string;
  readonly #place: ProcessOptions;
  #child: ChildProcess | undefined;

  constructor(program: string, source: RedisServer['source'], place: ProcessOptions) {
    this.url = `redis://127.0.0.1:${place.port}`;
    this.port = place.port;
    this.source = source;
    this.#program = program;
    this.#place = place;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    if (this.#child) return;
    const child = this.#spawn();
    this.#child = child;
    try {
      await untilReady(() => this.#answers(child), {
        readyMs: this.#place.readyMs,
        giveUp: () => {
          if (this.#child !== child) throw this.#failure();
        },
      });
    } catch (error) {
      await this.#end('SIGKILL');
      throw error;
    }
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.#end('SIGTERM');
    await this.start();
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    if (!this.#place.keep) await rm(this.#place.dir, { recursive: true, force: true });
  }

  #spawn(): ChildProcess {
    const { dir, port, keep } = this.#place;
    mkdirSync(dir, { recursive: true });
    const log = openSync(this.#log, 'w');
    const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, ...redisArgs(this.#place)];
    // Detached, so that Ctrl-C lets those who still use it finish first; the guard sees to its end.
    const child = spawn(this.#program, args, { stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    const release = child.pid === undefined ? () => {} : whenGone(afterUs, [String(child.pid), keep ? '' : dir]);
    const down = () => {
      release();
      if (this.#child === child) this.#child = undefined;
    };
    child.once('exit', down).once('error', down).unref();
    return child;
  }

  /** Whether the Redis that replies is ours, and not one that took the port sooner. */
  async #answers(child: ChildProcess): Promise<void> {
    try {
      const info = await ask(this.url, ['INFO', 'server'], 1_000);
      if (/^process_id:(\d+)/m.exec(info ?? '')?.[1] !== String(child.pid)) throw new Error('another Redis answers');
      await ping(this.url, 1_000); // refused while it still loads its data
    } catch (error) {
      // It wants a password that only the caller's arguments know: it is up.
      if (!(error instanceof RedisReplyError && error.message.startsWith('NOAUTH'))) throw error;
    }
  }

  #failure(): NoRedisError {
    const said = lastLines(readFileSync(this.#log, 'utf8'));
    if (/address already in use/i.test(said)) return new PortTakenError(`port ${this.port} is taken: choose another`);
    return new NoRedisError(`${this.#program} ended at its start:\n${said}`);
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child) return;
    child.ref();
    const ended = once(child, 'exit');
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), orderlyMs);
    await ended;
    clearTimeout(late);
  }

  get #log(): string {
    return join(this.#place.dir, 'redis.log');
  }
}

/** Ends the server after this process, and removes its folder once nothing is written there any more. */
const afterUs = `
  kill "$1"
  tries=0
  while kill -0 "$1" && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
  [ $tries -lt 50 ] || kill -9 "$1"
  [ -z "$2" ] || rm -rf -- "$2"
`;
