import { parseDuration } from '../duration.js';
import { clockOfCalendarInterval } from './calendar-interval.js';
import { type Clock, nextOfClock } from './clock.js';
import type { CompileOptions, NextMs } from './compiled-trigger.js';
import { clockOfCron } from './cron.js';
import { nextOfDate } from './date.js';
import { instantOf } from './instant.js';
import { nextOfProgression, type Progression, progressionOf } from './interval.js';
import type { LeafTrigger } from './trigger.js';
import { within } from './window.js';

/** A compiled trigger that is no `and` or `or`, with what is known of how its fire times come about. */
export type Leaf = { readonly nextMs: NextMs; readonly jitterMs: number } & (
  | { readonly at: number; readonly progression?: undefined; readonly clock?: undefined }
  | { readonly progression: Progression; readonly at?: undefined; readonly clock?: undefined }
  | { readonly clock: Clock; readonly at?: undefined; readonly progression?: undefined }
);

/** @throws InvalidTriggerError */
export function compileLeaf(trigger: LeafTrigger, options: CompileOptions): Leaf {
  switch (trigger.type) {
    case 'date':
      return { at: instantOf(trigger.at), nextMs: nextOfDate(trigger), jitterMs: 0 };
    case 'interval': {
      const progression = progressionOf(trigger, options);
      const nextMs = within(trigger, nextOfProgression(progression));
      return { progression, nextMs, jitterMs: Math.round(parseDuration(trigger.jitter) ?? 0) };
    }
    case 'cron': {
      const clock = clockOfCron(trigger, options);
      const nextMs = within(trigger, nextOfClock(clock));
      return { clock, nextMs, jitterMs: Math.round(parseDuration(trigger.jitter) ?? 0) };
    }
    case 'calendarInterval': {
      const clock = clockOfCalendarInterval(trigger, options);
      return { clock, nextMs: within({}, nextOfClock(clock)), jitterMs: 0 };
    }
  }
}
