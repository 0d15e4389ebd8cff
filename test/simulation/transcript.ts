import { createHash } from 'node:crypto';
import type { Clock } from '@carillon/core/internal';

/** All that happened in a simulation, one line each: compared when a seed is replayed, and read when it fails. */
export class Transcript {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #lines: string[] = [];
  readonly #dull = new Set<number>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  /** `dull`: of no interest to readers. */
  write(line: string, dull = false): void {
    if (dull) this.#dull.add(this.#lines.length);
    const seconds = ((this.#clock.now() - this.#startedAt) / 1_000).toFixed(3).padStart(8);
    this.#lines.push(`${seconds} ${line}`);
  }

  get hash(): string {
    return createHash('sha256').update(this.#lines.join('\n')).digest('hex').slice(0, 16);
  }

  /** The last lines, without the dull ones unless all are wanted. */
  tail(count: number, all = false): readonly string[] {
    return this.#lines.filter((_, index) => all || !this.#dull.has(index)).slice(-count);
  }
}
