import type { ListeningConsole } from '@carillon/console/node';
import { Scheduler } from '@carillon/core';
import type { Logger } from 'pino';
import { type PlaceOptions, placeOf } from '../options/place.js';
import type { Server } from '../servers/serve.js';
import { type AuthOptions, authOf } from './auth.js';
import { listening } from './listening.js';
import { loadConsole } from './load.js';

export interface ConsoleServerOptions extends AuthOptions, PlaceOptions {
  readonly port: number;
}

/** A console on a port of its own. */
export class ConsoleServer implements Server {
  readonly #options: ConsoleServerOptions;
  readonly #env: NodeJS.ProcessEnv;
  readonly #logger: Logger;
  #scheduler: Scheduler | undefined;
  #listening: ListeningConsole | undefined;
  #isShutDown = false;

  constructor(options: ConsoleServerOptions, env: NodeJS.ProcessEnv, logger: Logger) {
    this.#options = options;
    this.#env = env;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    const { host, port } = this.#options;
    const console = await loadConsole();
    const auth = await authOf(this.#options, this.#env, console);
    if (this.#isShutDown) return;
    const logger = this.#logger;
    this.#scheduler = new Scheduler({ ...placeOf(this.#options, this.#env), logger });
    const made = console.createConsole({ scheduler: this.#scheduler, auth, logger });
    this.#listening = await listening(console, made, { host, port }, logger);
    // A signal ended it while it began to listen: what it has just opened is closed.
    if (this.#isShutDown) await this.shutdown();
  }

  health(): object {
    return { status: this.#listening ? 'running' : 'starting', url: this.#listening?.url ?? null };
  }

  async shutdown(): Promise<void> {
    this.#isShutDown = true;
    await this.#listening?.close();
    await this.#scheduler?.shutdown();
  }
}
