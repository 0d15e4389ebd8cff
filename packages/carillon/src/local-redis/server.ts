import type { RedisConfig } from './config.js';
import type { Host } from './host.js';

export interface StartRedisOptions extends RedisConfig {
  /** Default: a free one, chosen by the operating system. */
  readonly port?: number;
  /** The data folder. Default: one of its own, removed when the server stops; a given one is kept. */
  readonly dir?: string;
  /** How long it may take to answer, loading its data included. Default: 30 s. */
  readonly readyMs?: number;
  /** Called, line by line, with what takes long or changes the machine. Default: stderr. */
  readonly log?: (line: string) => void;
  /** Where to look for REDIS_URL and PATH. Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A Redis of one's own on 127.0.0.1. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly source: 'binary' | 'docker' | 'package';
  /** The server's process; undefined while it is down, and in a container. */
  readonly pid: number | undefined;
  /** Starts it again after `kill()`, on the same port, over the data on the disk. Does nothing while it is up. */
  start(): Promise<void>;
  /** SIGKILL; the data stay as they are on the disk. */
  kill(): Promise<void>;
  /** An orderly end and a new start on the same port, over the data that an append-only file kept. */
  restart(): Promise<void>;
  /** An orderly end; removes the data folder, unless one was given. */
  stop(): Promise<void>;
}

/** Starts a server, or says in one sentence why this way is not open here. */
export type Way = (host: Host, options: StartRedisOptions) => Promise<RedisServer | string>;
