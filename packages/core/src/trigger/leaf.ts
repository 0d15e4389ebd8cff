import { type Duration, parseDuration } from '../duration.js';
import { clockOfCalendarInterval } from './calendar-interval.js';
import { type Clock, nextOfClock } from './clock.js';
import type { CompileOptions, NextMs } from './compiled-trigger.js';
import { clockOfCron } from './cron.js';
import { refusedEnd, refusedWindow } from './cron-refusals.js';
import { nextOfDate } from './date.js';
import { instantOf } from './instant.js';
import { nextOfProgression, type Progression, progressionOf } from './interval.js';
import type { LeafTrigger } from './trigger.js';
import { boundsOf, type Window, within } from './window.js';

/** A compiled trigger that is no `and` or `or`, with what is known of how its fire times come about. */
export type Leaf = LeafCommon &
  (
    | { readonly at: number; readonly progression?: undefined; readonly clock?: undefined }
    | { readonly progression: Progression; readonly at?: undefined; readonly clock?: undefined }
    | { readonly clock: Clock; readonly at?: undefined; readonly progression?: undefined }
  );

interface LeafCommon {
  readonly nextMs: NextMs;
  readonly jitterMs: number;
  /** Nothing is named before or after them, ms. */
  readonly from: number;
  readonly until: number;
}

/** @throws InvalidTriggerError */
export function compileLeaf(trigger: LeafTrigger, options: CompileOptions): Leaf {
  switch (trigger.type) {
    case 'date': {
      const at = instantOf(trigger.at);
      return { at, nextMs: nextOfDate(trigger), jitterMs: 0, from: at, until: at };
    }
    case 'interval': {
      const progression = progressionOf(trigger, options);
      return { progression, ...windowed(trigger, nextOfProgression(progression)) };
    }
    case 'cron': {
      const clock = clockOfCron(trigger, options);
      const leaf = { clock, ...windowed(trigger, nextOfClock(clock)) };
      const hasWindow = trigger.startAt !== undefined || trigger.endAt !== undefined;
      if (hasWindow && leaf.nextMs(leaf.from - 1) === null) throw refusedWindow(trigger.expression ?? trigger.fields);
      // Only a year can put all that is named beyond the last instant: that of UTC, which a zone behind it has not reached yet.
      const hasYear = !hasWindow && trigger.fields?.year !== undefined;
      if (hasYear && leaf.nextMs(Date.UTC(1969, 0, 1)) === null)
        throw refusedEnd(trigger.fields, trigger.timezone ?? options.timezone ?? 'UTC');
      return leaf;
    }
    case 'calendarInterval': {
      const clock = clockOfCalendarInterval(trigger, options);
      return { clock, ...windowed({}, nextOfClock(clock)) };
    }
  }
}

function windowed(trigger: Window & { readonly jitter?: Duration }, nextMs: NextMs): LeafCommon {
  const { from, until } = boundsOf(trigger);
  return { from, until, nextMs: within(trigger, nextMs), jitterMs: Math.round(parseDuration(trigger.jitter) ?? 0) };
}
