import { type Duration, parseDuration } from '../duration.js';
import type { Clock } from './clock.js';
import type { NextMs } from './compiled-trigger.js';
import type { Progression } from './progression.js';
import { boundsOf, type Window, within } from './window.js';

/** A compiled trigger that is neither an `and` nor an `or`, and the source of its fire times. */
export type Leaf = LeafCommon &
  (
    | { readonly at: number; readonly progression?: undefined; readonly clock?: undefined }
    | { readonly progression: Progression; readonly at?: undefined; readonly clock?: undefined }
    | { readonly clock: Clock; readonly at?: undefined; readonly progression?: undefined }
  );

interface LeafCommon {
  readonly nextMs: NextMs;
  readonly jitterMs: number;
  /** The trigger names no instant before `from` or after `until`; ms. */
  readonly from: number;
  readonly until: number;
}

/** The members of a leaf that fires as `nextMs` says, within the window of its trigger. */
export function windowed(trigger: Window & { readonly jitter?: Duration }, nextMs: NextMs): LeafCommon {
  const { from, until } = boundsOf(trigger);
  return { from, until, nextMs: within(trigger, nextMs), jitterMs: Math.round(parseDuration(trigger.jitter) ?? 0) };
}
