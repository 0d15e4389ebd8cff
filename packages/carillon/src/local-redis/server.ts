import type { RedisConfig } from './config.js';
import type { Host } from './host.js';

export interface StartRedisOptions extends RedisConfig {
  /** Default: a free one, chosen by the operating system. */
  readonly port?: number;
  /** The data folder, which is kept. Default: a temporary folder, which is removed when the server stops. */
  readonly dir?: string;
  /** How long it may take until it replies, including the time to load its data. Default: 30 s. */
  readonly readyMs?: number;
  /** Called with a line for each step that takes long or changes the machine. Default: writes to stderr. */
  readonly log?: (line: string) => void;
  /** The environment with REDIS_URL and PATH. Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A Redis server on 127.0.0.1 that this process started. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly source: 'binary' | 'docker' | 'package';
  /** The id of the server's process; undefined while it is not running, and in a container. */
  readonly pid: number | undefined;
  /** Starts it again after `kill()`, on the same port, with the data on the disk. Does nothing while it is running. */
  start(): Promise<void>;
  /** Kills it by SIGKILL; its data stay on the disk. */
  kill(): Promise<void>;
  /** Stops it in an orderly way and starts it again on the same port, with the data of its append-only file. */
  restart(): Promise<void>;
  /** Stops it in an orderly way, and removes its data folder unless one was given. */
  stop(): Promise<void>;
}

/** Starts a server, or returns a sentence that says why this way does not work here. */
export type Way = (host: Host, options: StartRedisOptions) => Promise<RedisServer | string>;
