import { InvalidOptionsError } from '../errors.js';
import type { Report } from '../log.js';
import type { ObservedExecution, Telemetry, WatchedPart } from './telemetry.js';

/** What observes a part: all that was given to it. */
export class Instruments {
  readonly #all: readonly Telemetry[];
  readonly #report: Report;

  constructor(all: readonly Telemetry[], report: Report) {
    this.#all = all;
    this.#report = report;
  }

  watch(part: WatchedPart): () => void {
    const ends = this.#all.map((one) => this.#attempt(() => one.watch?.(part)));
    return () => {
      for (const end of ends) this.#attempt(() => end?.());
    };
  }

  executed(execution: ObservedExecution): void {
    for (const one of this.#all) this.#attempt(() => one.executed?.(execution));
  }

  #attempt<T>(call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      this.#report({ kind: 'telemetry_failed', error });
      return undefined;
    }
  }
}

/** undefined: nothing observes. @throws InvalidOptionsError */
export function instrumentsOf(
  given: Telemetry | readonly Telemetry[] | undefined,
  report: Report,
): Instruments | undefined {
  if (given === undefined) return undefined;
  const all: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (all.some((one) => typeof one !== 'object' || one === null)) {
    throw new InvalidOptionsError('telemetry: give what `metrics` of carillon/metrics makes, or an array of such');
  }
  return all.length === 0 ? undefined : new Instruments(all as readonly Telemetry[], report);
}
