import type { NextMs } from './compiled-trigger.js';

/** Steps of elapsed time in ms: anchor + k × step, from `first` on. */
export interface Progression {
  readonly anchor: number;
  readonly step: number;
  readonly first: number;
}

export function nextOfProgression({ anchor, step, first }: Progression): NextMs {
  return (after) => (after < first ? first : after - ((after - anchor) % step) + step);
}
