import { openRedisStore, RedisThread } from './cluster/redis-store.js';
import { openMemoryAsRedis } from './cluster/store.js';
import { type Played, play } from './play.js';

/** Where seeds are played. */
export interface Place {
  /** The URL of the Redis that holds the job store; null if it is in memory. */
  readonly redis: string | null;
  /** Each seed is played in memory too, with the same result as in Redis. */
  readonly compare: boolean;
  /** All instants of each job are explained, not some of them. */
  readonly everyInstant?: boolean;
}

/** Plays seeds in one place, one after the other. */
export class Player {
  readonly #thread: RedisThread | null;
  readonly #compare: boolean;
  readonly #everyInstant: boolean;

  constructor({ redis, compare, everyInstant = false }: Place) {
    this.#thread = redis === null ? null : new RedisThread(redis);
    this.#compare = compare;
    this.#everyInstant = everyInstant;
  }

  /** @param detail how much of its transcript a seed is reported with, see `play`. */
  async play(seed: number, detail: Parameters<typeof play>[1] = {}): Promise<Played> {
    const inRedis = this.#thread && openRedisStore(this.#thread);
    const everyInstant = this.#everyInstant;
    const played = await play(seed, { ...detail, everyInstant, openStore: inRedis ?? undefined });
    if (
      !inRedis ||
      !this.#compare ||
      (await play(seed, { everyInstant, openStore: openMemoryAsRedis })).hash === played.hash
    )
      return played;
    const whole = { keepTranscript: true, allLines: true, everyInstant };
    const inMemory = await play(seed, { ...whole, openStore: openMemoryAsRedis });
    const { transcript } = await play(seed, { ...whole, openStore: inRedis });
    const { at, what } = firstDifference(inMemory.transcript, transcript);
    return { ...played, transcript: transcript.slice(0, at), violations: [...played.violations, what] };
  }

  async close(): Promise<void> {
    await this.#thread?.close();
  }
}

/** Finds where two transcripts of one seed differ. */
export function firstDifference(inMemory: readonly string[], inRedis: readonly string[]) {
  const length = Math.max(inMemory.length, inRedis.length);
  const at = Array.from({ length }).findIndex((_, line) => inMemory[line] !== inRedis[line]);
  if (at < 0) return { at: length, what: 'it did not go as in memory, but did so when it was played again' };
  const lineOf = (transcript: readonly string[]) => transcript[at] ?? 'nothing more';
  return { at, what: `in memory: ${lineOf(inMemory)}\n  in Redis:  ${lineOf(inRedis)}` };
}
