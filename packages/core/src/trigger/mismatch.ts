import { boundsOf, type Window } from './window.js';

/** Why a trigger does not name an instant: its first field that does not match. */
export interface Mismatch {
  /** A field of the trigger's data (`hour`, `step`, `endAt`), or `clock` where a change of the zone's clock decides. */
  readonly field: string;
  /** The value of the field at the instant, and the value in the trigger: `9` and `8`. */
  readonly is: string;
  readonly says: string;
  /** Such as `hour is 9, the job says 8`. */
  readonly text: string;
  /** The effect of a clock change, where it decides. */
  readonly clockChange: ClockEffect | null;
}

/** What a change of a zone's clock did to a wall-clock time that a trigger names. Instants are ms. */
export interface ClockEffect {
  /** `shifted`, `skipped`: the time did not exist, and its fire was moved or left out. `folded`: it occurred twice, and fired once. */
  readonly kind: 'shifted' | 'skipped' | 'folded';
  readonly timezone: string;
  /** Such as `2026-03-29 02:30`. */
  readonly wallClock: string;
  readonly changeAt: number;
  /** The instant at which it fires instead; null if it does not fire. */
  readonly firesAt: number | null;
}

/** Returns the mismatch of a field: its value, and the value in the trigger. */
export function mismatch(field: string, name: string, is: string, says: string): Mismatch {
  return { field, is, says, text: `${name} is ${is}, the job says ${says}`, clockChange: null };
}

export function inOtherWords(field: string, is: string, says: string, text: string): Mismatch {
  return { field, is, says, text, clockChange: null };
}

/** Returns the mismatch of an instant (ms) that is before a trigger begins or after it ends; else null. */
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
