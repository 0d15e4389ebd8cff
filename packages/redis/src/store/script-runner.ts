import {
  CarillonError,
  FormatTooNewError,
  FormatTooOldError,
  type RedisOptions,
  UnexpectedReplyError,
} from '@carillon/core';
import { FORMATS, type Formats, StoreFullError, StoreRefusalError } from '@carillon/core/internal';
import { connectionError, databaseOf, loginError, type RedisClient } from '../connection/connection.js';
import type { AnswerLimit } from './answer-limit.js';
import { wrongTypes } from './key-types.js';
import type { ScriptArgument } from './script-call.js';
import { Reply, runScript, type ScriptName } from './scripts.js';

export interface ScriptRunnerParts {
  readonly client: RedisClient;
  readonly redis: RedisOptions;
  /** Why the client is not connected, if it is known: the errors of its commands do not say it. */
  readonly outage: () => Error | undefined;
  /** How long an answer may take. Without it, there is no limit. */
  readonly limit?: AnswerLimit | undefined;
  /** A clock to use in place of Redis' own. */
  readonly now?: (() => number) | undefined;
  /** Which formats are read, if they are not those of this release. */
  readonly formats?: Formats | undefined;
}

interface HowToRun {
  /** Redis is to run the script even when it has reached its `maxmemory`. */
  readonly evenWhenFull?: boolean;
  /** `shows`: the script shows a member, whatever the format of the store. `no store`: the script concerns no store. */
  readonly format?: 'shows' | 'no store';
}

/** Runs the scripts of job stores: gives them the time, database and formats of the caller, limits how long it waits, and turns errors into ours. */
export class ScriptRunner {
  readonly client: RedisClient;
  readonly #parts: ScriptRunnerParts;
  readonly #formats: Formats;
  /** The first argument of most calls. */
  readonly #usual: string;
  #lostConnections = 0;

  constructor(parts: ScriptRunnerParts) {
    this.client = parts.client;
    // A cluster's client has a connection to each node.
    for (const event of ['close', '-node']) this.client.on(event, () => this.#lostConnections++);
    this.#parts = parts;
    this.#formats = parts.formats ?? FORMATS;
    this.#usual = this.#surroundings({});
  }

  /** How many connections the client has lost. After that, another server may answer, which lacks the last writes. */
  get lostConnections(): number {
    return this.#lostConnections;
  }

  /** @param base the beginning of the keys of the job store. */
  run(name: ScriptName, base: string, args: readonly ScriptArgument[], how: HowToRun = {}): Promise<Reply> {
    const isUsual = how.format === undefined && this.#parts.now === undefined;
    const given = [isUsual ? this.#usual : this.#surroundings(how), ...args];
    return this.#replyOf(name, base, runScript(this.client, name, base, given, how.evenWhenFull));
  }

  async #replyOf(name: ScriptName, base: string, answer: Promise<unknown>): Promise<Reply> {
    try {
      return new Reply(name, await inTime(answer, this.#parts.limit));
    } catch (error) {
      throw await this.#scriptError(base, this.#errorOf(error));
    }
  }

  async #scriptError(base: string, error: Error): Promise<Error> {
    const [, format] = /^Redis refused a command: FORMAT (.*)/.exec(error.message) ?? [];
    if (format !== undefined) return this.#formatError(base, format);
    if (!error.message.includes('WRONGTYPE')) return error;
    const why = await wrongTypes(this.client, base).catch(() => '');
    return why === '' ? error : new StoreRefusalError(why);
  }

  /** Returns the first argument of a script, which `lua/lib/store.lua` reads. */
  #surroundings({ format }: HowToRun): string {
    const { oldest, newest } = this.#formats;
    const reads = format === 'no store' ? '' : `@${oldest}@${newest}${format === 'shows' ? '+' : ''}`;
    return `${this.#parts.now?.() ?? ''}@${databaseOf(this.client) || ''}${reads}`;
  }

  /** @param found the value of the key `format`, or `none` */
  #formatError(base: string, found: string): CarillonError {
    const { oldest, newest } = this.#formats;
    const [, format] = /^(\d+) \d+$/.exec(found) ?? [];
    if (format === undefined && found !== 'none') {
      return new StoreRefusalError(`key ${base}format holds ${JSON.stringify(found)}, no format: none of us wrote it`);
    }
    if (format !== undefined && Number(format) > newest) return new FormatTooNewError(base, Number(format), newest);
    return new FormatTooOldError(base, format === undefined ? null : Number(format), oldest);
  }

  async answered<T>(ask: () => Promise<T>, limit = this.#parts.limit): Promise<T> {
    try {
      return await inTime(ask(), limit);
    } catch (error) {
      throw this.#errorOf(error);
    }
  }

  #errorOf(error: unknown): CarillonError {
    if (error instanceof CarillonError) return error;
    if (isReplyError(error) && /^(WRONGPASS|NOAUTH)/.test(error.message))
      return loginError(this.#parts.redis, error.message);
    if (isReplyError(error) && error.message.startsWith('OOM')) return new StoreFullError(FULL);
    if (isReplyError(error) && BROKE_OFF.test(error.message)) return new StoreRefusalError(refusal(error));
    if (isReplyError(error)) return new UnexpectedReplyError(refusal(error));
    return connectionError(this.#parts.redis, this.#parts.outage() ?? error);
  }
}

function inTime<T>(answer: Promise<T>, limit: AnswerLimit | undefined): Promise<T> {
  return limit ? limit.within(answer) : answer;
}

const FULL =
  'Redis refused a command: OOM, it has reached its maxmemory; remove or pause jobs, wait until workers have done more runs, or raise maxmemory';

/** Matches what Redis adds to an error if the script began and did not end. A script that Redis did not begin has no such error. */
const BROKE_OFF = /script: [0-9a-f]{40}/;

const refusal = ({ message }: Error) => `Redis refused a command: ${message}`;

function isReplyError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}
