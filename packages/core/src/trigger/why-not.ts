import { durationInUnit } from '../duration-text.js';
import { type CalendarIntervalTrigger, clockOfCalendarInterval } from './calendar-interval.js';
import { DAY_MS } from './civil.js';
import type { Clock } from './clock.js';
import { clockEffect } from './clock-effect.js';
import { compileTrigger } from './compile.js';
import type { CompileOptions } from './compiled-trigger.js';
import { clockOfCron } from './cron.js';
import { cronMismatch } from './cron-mismatch.js';
import { type IntervalTrigger, progressionOf } from './interval.js';
import { inOtherWords, type Mismatch, mismatch } from './mismatch.js';
import { triggerText } from './text.js';
import type { Trigger } from './trigger.js';
import { wallText } from './wall-text.js';
import { boundsOf, type Window } from './window.js';

/**
 * Why a trigger does not name an instant (ms): the first field that does not match. null: it names it.
 * @throws InvalidTriggerError
 */
export function whyNot(trigger: Trigger, options: CompileOptions, instant: number): Mismatch | null {
  if (compileTrigger(trigger, options).nextMs(instant - 1) === instant) return null;
  switch (trigger.type) {
    case 'date':
      return mismatch('at', 'the instant', iso(instant), trigger.at);
    case 'interval':
      return ofInterval(trigger, options, instant);
    case 'cron': {
      const clock = clockOfCron(trigger, options);
      const wall = instant + clock.zone.periodAt(instant).offset;
      const found = cronMismatch(trigger, wall, options.jobId);
      return outside(trigger, instant) ?? byClock(clock, instant, found) ?? found ?? UNKNOWN;
    }
    case 'calendarInterval':
      return ofCalendar(trigger, options, instant);
    case 'and':
    case 'or': {
      const parts = trigger.triggers.map((part) => ({ part, why: whyNot(part, options, instant) }));
      const failing = parts.filter(({ why }) => why !== null);
      const [first] = failing;
      if (!first?.why) return UNKNOWN;
      const text = (trigger.type === 'and' ? [first] : failing)
        .map(({ part, why }) => `${triggerText(part)}: ${why?.text}`)
        .join('; ');
      return {
        ...first.why,
        text:
          trigger.type === 'and'
            ? `not all of its triggers name it (${text})`
            : `none of its triggers names it (${text})`,
      };
    }
  }
}

const UNKNOWN = inOtherWords('trigger', 'not named', 'other instants', 'the trigger names other instants');

function ofInterval(trigger: IntervalTrigger, options: CompileOptions, instant: number): Mismatch {
  const { anchor, step, first } = progressionOf(trigger, options);
  const early = outside(trigger, instant);
  if (early) return early;
  if (instant < first) {
    return inOtherWords('startAt', iso(instant), iso(first), `its first fire time is ${iso(first)}`);
  }
  const rest = (instant - anchor) % step;
  return inOtherWords(
    'step',
    `${durationInUnit(rest)} after a fire time`,
    triggerText(trigger),
    `it fires every ${durationInUnit(step)} from ${iso(first)} on, and the instant is ${durationInUnit(rest)} after one of these fire times`,
  );
}

function ofCalendar(trigger: CalendarIntervalTrigger, options: CompileOptions, instant: number): Mismatch {
  const clock = clockOfCalendarInterval(trigger, options);
  const wall = instant + clock.zone.periodAt(instant).offset;
  const { hour = 0, minute = 0, second = 0, startDate, endDate } = trigger;
  const day = wallText(wall).slice(0, 10);
  const found = (): Mismatch | null => {
    if (startDate !== undefined && day < startDate)
      return mismatch('startDate', 'the day', day, `from ${startDate} on`);
    if (endDate !== undefined && day > endDate) return mismatch('endDate', 'the day', day, `until ${endDate}`);
    const today = Math.floor(wall / DAY_MS);
    if (clock.days(today) !== today) {
      const text = triggerText(trigger);
      return inOtherWords('step', day, text, `${day} is not one of the days of ${text}`);
    }
    return cronMismatch({ fields: { day: '*', hour, minute, second } }, wall);
  };
  const first = found();
  return byClock(clock, instant, first) ?? first ?? UNKNOWN;
}

function outside(window: Window, instant: number): Mismatch | null {
  const { from, until } = boundsOf(window);
  if (instant < from) return mismatch('startAt', 'the instant', iso(instant), `from ${iso(from)} on`);
  if (instant > until && window.endAt !== undefined)
    return mismatch('endAt', 'the instant', iso(instant), `until ${iso(until)}`);
  return null;
}

/** A change of the zone's clock, where it decides. `found`: what does not match of what the clock shows. */
function byClock(clock: Clock, instant: number, found: Mismatch | null): Mismatch | null {
  const effect = clockEffect(clock, instant, found === null);
  if (!effect) return null;
  const { kind, wallClock, timezone } = effect;
  const text = {
    shifted: `the clock of ${timezone} skipped ${wallClock}: its fire was moved by as much`,
    skipped: `the clock of ${timezone} skipped ${wallClock}: it has no fire`,
    folded: `the clock of ${timezone} showed ${wallClock} twice: it fires at the other time`,
  }[kind];
  return { field: 'clock', is: wallClock, says: kind, text, clockChange: effect };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
