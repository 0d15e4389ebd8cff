import { isFormatError } from './errors.js';
import type { Clock } from './ports/clock.js';
import type { Outage } from './ports/outage.js';

const MAX_WHY_LENGTH = 500;

/** What a connection fails with whose server ends it as soon as it is made. */
const ENDED_AT_ONCE = ['EPIPE', 'ECONNRESET'];

/** Remembers since when something fails. What ends and fails again is another outage. */
export class OutageWatch {
  readonly #clock: Pick<Clock, 'now'>;
  #outage: Outage | null = null;
  #isOfFormat = false;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** null if it does not fail now. */
  get outage(): Outage | null {
    return this.#outage;
  }

  /** It fails since the format of the job store is not read. */
  get isOfFormat(): boolean {
    return this.#outage !== null && this.#isOfFormat;
  }

  /** It fails, again or for the first time. */
  began(why: unknown): void {
    this.#outage = { since: this.#outage?.since ?? this.#clock.now(), why: inWords(why) };
    this.#isOfFormat = isFormatError(why);
  }

  /** Does what may fail. */
  async over<T>(work: () => Promise<T>): Promise<T> {
    try {
      const done = await work();
      this.ended();
      return done;
    } catch (error) {
      this.began(error);
      throw error;
    }
  }

  ended(): void {
    this.#outage = null;
  }
}

/** An outage with a better reason, if there is one: what waits for a connection does not know why it is not made. */
export function because<T extends Outage>(outage: T, ...causes: readonly (Outage | null)[]): T {
  return { ...outage, why: causes.find((cause) => cause !== null)?.why ?? outage.why };
}

/** Why something fails, in a line. */
export function inWords(why: unknown): string {
  const text = why instanceof Error ? wordsOf(why) : String(why);
  return text.replace(/\s*\n\s*/g, ' ').slice(0, MAX_WHY_LENGTH);
}

/** An error of several addresses has no message, only a code. */
function wordsOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  const message = error.message || code || error.name;
  if (code === undefined || !ENDED_AT_ONCE.includes(code)) return message;
  return `${message}: a Redis that has reached its maxclients ends each new connection at once`;
}
