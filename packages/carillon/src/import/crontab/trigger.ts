import { type CronTrigger, cron } from '@carillon/core';
import { changed, type Note } from '../entry.js';
import { DAY, type Field, HOUR, MINUTE, MONTH, readField, WEEKDAY } from './field.js';

/** The schedule of a line: its five fields, or a nickname. */
export type Schedule = readonly [string] | readonly [string, string, string, string, string];

/** What each nickname is short for. */
const NICKNAMES: Readonly<Record<string, readonly [string, string, string, string, string]>> = {
  '@yearly': ['0', '0', '1', '1', '*'],
  '@annually': ['0', '0', '1', '1', '*'],
  '@monthly': ['0', '0', '1', '*', '*'],
  '@weekly': ['0', '0', '*', '*', '0'],
  '@daily': ['0', '0', '*', '*', '*'],
  '@midnight': ['0', '0', '*', '*', '*'],
  '@hourly': ['0', '*', '*', '*', '*'],
};

/** Vixie cron fires what begins with `*` in minutes or hours by elapsed time, and all else once for each time of the clock. */
const REAL_TIME = { gap: 'skip', fold: 'both' } as const;
const ONCE_EACH = { gap: 'shift', fold: 'first' } as const;

/**
 * The trigger that fires when cron would.
 * @throws RangeError that says what is wrong with the schedule.
 */
export function triggerOf(schedule: Schedule, options: { readonly timezone: string; readonly jitter?: `${number}m` }) {
  const [minute, hour, day, month, weekday] = fieldsOf(schedule);
  const isWild = minute.hasStar || hour.hasStar;
  const dst = isWild === hour.isFull ? undefined : isWild ? REAL_TIME : ONCE_EACH;
  const notes: Note[] = [];
  for (const { isRandom, text } of [minute, hour, day, month, weekday]) {
    if (isRandom)
      notes.push(
        changed(`${text} is chosen by the job's id and stays the same; cron chooses again each time it starts`),
      );
  }
  const given = { ...options, dst };
  const [name] = schedule;
  const nickname =
    schedule.length === 1 ? name.replace('@annually', '@yearly').replace('@midnight', '@daily') : undefined;
  const trigger: CronTrigger =
    nickname !== undefined
      ? cron(nickname, given)
      : needBoth(day, weekday)
        ? cron(bothDays([minute, hour, day, month, weekday]), given)
        : cron([minute.text, hour.text, ...daysOf(day, month, weekday)].join(' '), given);
  return { trigger, notes };
}

function fieldsOf(schedule: Schedule): readonly [Field, Field, Field, Field, Field] {
  const [minute, hour, day, month, weekday] = schedule.length === 1 ? nicknameFields(schedule[0]) : schedule;
  return [
    readField(minute, MINUTE),
    readField(hour, HOUR),
    readField(day, DAY),
    readField(month, MONTH),
    readField(weekday, WEEKDAY),
  ];
}

function nicknameFields(name: string): readonly [string, string, string, string, string] {
  const fields = Object.hasOwn(NICKNAMES, name) ? NICKNAMES[name] : undefined;
  if (fields) return fields;
  throw new RangeError(`${name} is not one of ${Object.keys(NICKNAMES).join(', ')}`);
}

/** A star in one of the two days makes both of them necessary: `*` with a step of 2, and 1, name the Mondays of odd number. */
function needBoth(day: Field, weekday: Field): boolean {
  return (day.hasStar || weekday.hasStar) && !day.isFull && !weekday.isFull;
}

/** In a crontab string, where neither day is `*`, one of them is enough. */
function daysOf(day: Field, month: Field, weekday: Field): readonly string[] {
  const either = !day.hasStar && !weekday.hasStar;
  if (either && (day.isFull || weekday.isFull)) return ['*', month.text, '*'];
  return [day.isFull ? '*' : day.text, month.text, weekday.isFull ? '*' : weekday.text];
}

/** Fields of a trigger must all match. Its week begins on Monday, with 0. */
function bothDays([minute, hour, day, month, weekday]: readonly [Field, Field, Field, Field, Field]) {
  const random = [minute, hour, day, month, weekday].find(({ isRandom }) => isRandom);
  if (random) throw new RangeError(`${random.text} cannot be combined with two day fields of which one begins with *`);
  const weekdays = weekday.values.map((value) => (value + 6) % 7).sort((one, other) => one - other);
  return {
    minute: minute.text,
    hour: hour.text,
    day: day.values.join(','),
    month: month.text,
    dayOfWeek: weekdays.join(','),
  };
}
