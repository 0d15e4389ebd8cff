import { boundsOf, type Window } from './window.js';

/** Why a trigger does not name an instant: its first field that does not match. */
export interface Mismatch {
  /** Of the trigger's data (`hour`, `step`, `endAt`), or `clock` where a change of the zone's clock decides. */
  readonly field: string;
  /** What it is at the instant, and what the trigger says: `9` and `8`. */
  readonly is: string;
  readonly says: string;
  /** Such as `hour is 9, the job says 8`. */
  readonly text: string;
  /** Where a change of the clock decides. */
  readonly clockChange: ClockEffect | null;
}

/** What a change of a zone's clock did to a wall-clock time that a trigger names. Instants are ms. */
export interface ClockEffect {
  /** It did not exist, and its fire was moved or left out; or it came twice, and fired once. */
  readonly kind: 'shifted' | 'skipped' | 'folded';
  readonly timezone: string;
  /** Such as `2026-03-29 02:30`. */
  readonly wallClock: string;
  readonly changeAt: number;
  /** When it fires instead; null if it does not. */
  readonly firesAt: number | null;
}

/** A field that is one thing, and is to be another. */
export function mismatch(field: string, name: string, is: string, says: string): Mismatch {
  return { field, is, says, text: `${name} is ${is}, the job says ${says}`, clockChange: null };
}

export function inOtherWords(field: string, is: string, says: string, text: string): Mismatch {
  return { field, is, says, text, clockChange: null };
}

/** That an instant (ms) is before a trigger begins, or after it ends. */
export function outside(window: Window, instant: number): Mismatch | null {
  const { from, until } = boundsOf(window);
  if (instant < from) return mismatch('startAt', 'the instant', iso(instant), `from ${iso(from)} on`);
  if (instant > until && window.endAt !== undefined)
    return mismatch('endAt', 'the instant', iso(instant), `until ${iso(until)}`);
  return null;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
