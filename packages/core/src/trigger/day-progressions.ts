import { mergeProgressions } from './residue-class.js';
import type { Days } from './wall-clock.js';

/** Every `step` days, from one day to another; days are counted since 1970-01-01. */
export interface DayProgression {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  readonly step: number;
}

/** The progression of each `Days` that is one. */
const progressions = new WeakMap<Days, DayProgression>();

export function dayProgression(progression: DayProgression): Days {
  const days = daysOf(progression);
  progressions.set(days, progression);
  return days;
}

/** The progression of days; undefined if they are not a progression. */
export function progressionOfDays(days: Days): DayProgression | undefined {
  return progressions.get(days);
}

/** The days that all of the progressions name. If they never meet, this is known at once. */
export function commonProgression(all: readonly DayProgression[]): Days {
  const merged = mergeProgressions(all.map(({ start, step }) => ({ anchor: start, step, first: start })));
  if (merged === undefined) return () => Number.POSITIVE_INFINITY;
  const latest = Math.max(...all.map(({ start }) => start));
  const start = latest + ((((merged.rest - latest) % merged.step) + merged.step) % merged.step);
  return daysOf({ start, step: merged.step, end: Math.min(...all.map(({ end }) => end)) });
}

function daysOf({ start, end, step }: DayProgression): Days {
  return (from) => {
    const day = from <= start ? start : start + Math.ceil((from - start) / step) * step;
    return day <= end ? day : Number.POSITIVE_INFINITY;
  };
}
