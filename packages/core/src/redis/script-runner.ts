import { CarillonError, UnexpectedReplyError } from '../errors.js';
import { connectionError, type RedisClient } from './connection.js';
import type { RedisOptions } from './options.js';
import { Reply, runScript, type ScriptArgument, type ScriptName } from './scripts.js';

/** Runs the scripts of one job store: puts the time in front of their arguments and turns errors into ours. */
export class ScriptRunner {
  readonly client: RedisClient;
  readonly #redis: RedisOptions;
  readonly #now: (() => number) | undefined;

  /** @param now a clock to use in place of Redis' own. */
  constructor(client: RedisClient, redis: RedisOptions, now?: () => number) {
    this.client = client;
    this.#redis = redis;
    this.#now = now;
  }

  async run(name: ScriptName, keys: readonly string[], args: readonly ScriptArgument[]): Promise<Reply> {
    return this.answered(
      async () => new Reply(name, await runScript(this.client, name, keys, [this.#now?.() ?? '', ...args])),
    );
  }

  /** Runs a script that writes nothing that depends on the time. */
  async runTimeless(name: ScriptName, keys: readonly string[], args: readonly ScriptArgument[]): Promise<Reply> {
    return this.answered(async () => new Reply(name, await runScript(this.client, name, keys, args)));
  }

  async answered<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof CarillonError) throw error;
      if (isReplyError(error)) throw new UnexpectedReplyError(`Redis refused a command: ${error.message}`);
      throw connectionError(this.#redis, error);
    }
  }
}

function isReplyError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}
