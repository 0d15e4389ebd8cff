import { CarillonError, UnexpectedReplyError } from '../errors.js';
import { inTime, systemClock } from '../ports/clock.js';
import { connectionError, databaseOf, loginError, type RedisClient } from './connection.js';
import { RedisFullError } from './full-error.js';
import { wrongTypes } from './key-types.js';
import type { RedisOptions } from './options.js';
import { ScriptError } from './script-error.js';
import { Reply, runScript, type ScriptArgument, type ScriptName } from './scripts.js';

/** Runs the scripts of one job store: puts time and database in front of their arguments and turns errors into ours. */
export class ScriptRunner {
  readonly client: RedisClient;
  readonly #redis: RedisOptions;
  readonly #now: (() => number) | undefined;
  readonly #outage: () => Error | undefined;
  readonly #timeoutMs: number | undefined;

  /**
   * @param outage why the client is not connected, if it is known: what its commands reject with does not say.
   * @param timeoutMs how long an answer may take; without it, as long as it takes.
   * @param now a clock to use in place of Redis' own.
   */
  constructor(
    client: RedisClient,
    redis: RedisOptions,
    outage: () => Error | undefined,
    timeoutMs?: number,
    now?: () => number,
  ) {
    this.#outage = outage;
    this.client = client;
    this.#redis = redis;
    this.#timeoutMs = timeoutMs;
    this.#now = now;
  }

  /**
   * @param base before the keys of the job store.
   * @param evenWhenFull whether Redis is to run it even when it has reached its `maxmemory`.
   */
  async run(
    name: ScriptName,
    base: string,
    args: readonly ScriptArgument[],
    { evenWhenFull = false } = {},
  ): Promise<Reply> {
    const database = databaseOf(this.client);
    const surroundings = `${this.#now?.() ?? ''}${database === 0 ? '' : `@${database}`}`;
    const given = [surroundings, ...args];
    const ask = async () => new Reply(name, await runScript(this.client, name, base, given, evenWhenFull));
    return this.answered(ask).catch(async (error: Error) => {
      if (!error.message.includes('WRONGTYPE')) throw error;
      const why = await wrongTypes(this.client, base).catch(() => '');
      throw why === '' ? error : new ScriptError(why);
    });
  }

  async answered<T>(ask: () => Promise<T>, timeoutMs = this.#timeoutMs): Promise<T> {
    try {
      return await (timeoutMs === undefined ? ask() : answeredInTime(ask(), timeoutMs));
    } catch (error) {
      if (error instanceof CarillonError) throw error;
      if (isReplyError(error) && /^(WRONGPASS|NOAUTH)/.test(error.message))
        throw loginError(this.#redis, error.message);
      if (isReplyError(error) && error.message.startsWith('OOM')) throw new RedisFullError();
      if (isReplyError(error) && BROKE_OFF.test(error.message)) throw new ScriptError(refusal(error));
      if (isReplyError(error)) throw new UnexpectedReplyError(refusal(error));
      throw connectionError(this.#redis, this.#outage() ?? error);
    }
  }
}

/** The client's own limits do not hold while it connects to a server, or to a cluster, that takes the call and is silent. */
function answeredInTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  return inTime(systemClock, ms, answer, () => new Error(`no answer within ${Math.round(ms)} ms`));
}

/** What Redis adds where a script began and did not end; not where it was not let begin. */
const BROKE_OFF = /script: [0-9a-f]{40}/;

const refusal = ({ message }: Error) => `Redis refused a command: ${message}`;

function isReplyError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}
