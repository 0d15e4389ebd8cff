import { InvalidTriggerError } from '../errors.js';

const FIELDS = [
  { name: 'second', min: 0, max: 59, also: '' },
  { name: 'minute', min: 0, max: 59, also: '' },
  { name: 'hour', min: 0, max: 23, also: '' },
  { name: 'day-of-month', min: 1, max: 31, also: ', "L" (the last day)' },
  { name: 'month', min: 1, max: 12, also: ', JAN–DEC' },
  { name: 'day-of-week', min: 0, max: 7, also: ', SUN–SAT, "5L" (the last Friday), "1#2" (the second Monday)' },
] as const;

/** Says what is wrong with a field of a crontab string; `index` counts from the seconds. */
export function refusedField(index: number, text: string): InvalidTriggerError {
  const { name, min, max, also } = FIELDS[index] ?? FIELDS[0];
  // What follows a slash or a hash is a step or a count, not a value of the field.
  const values = [...text.replace(/[/#]\d+/g, '').matchAll(/\d+/g)].map(Number);
  const [first = 0, last = first] = values;
  if (/^[\d,/-]+$/.test(text) && values.some((value) => value < min || value > max)) {
    return refused(`${name} ${quoted(text)} is outside ${min}–${max}`);
  }
  if (/^\d+-\d+(\/\d+)?$/.test(text) && last < first) {
    return refused(`${name} ${quoted(text)} runs backwards; write "${first}-${max},${min}-${last}"`);
  }
  return refused(
    `${name} ${quoted(text)} cannot be read; allowed are ${min}–${max}${also}, "*", ranges "a-b", steps "*/n", lists "a,b" and "H"`,
  );
}

export function refusedFieldCount(expression: string, count: number): InvalidTriggerError {
  return refused(
    `expression ${quoted(expression)} has ${count} fields; give 5 (minute, hour, day-of-month, month, day-of-week), or 6 with the second before them`,
  );
}

export function refusedNickname(name: string, known: readonly string[]): InvalidTriggerError {
  return refused(`expression ${quoted(name)} is not a nickname; allowed are ${known.join(', ')}`);
}

/** For a string whose fields are right, and whose days do not exist (31 February). */
export function refusedDays(expression: string): InvalidTriggerError {
  return refused(
    `expression ${quoted(expression)} never fires: its months have no such day; change day-of-month or month`,
  );
}

/** For fields that are right each, and never match together. */
export function refusedFieldDays(fields: object): InvalidTriggerError {
  return refused(
    `fields ${JSON.stringify(fields)} never fire: no day matches them all; change year, month, day, week or dayOfWeek`,
  );
}

/** For times that a zone's clock skips each time that they are named. */
export function refusedTimes(what: string | object, zone: string): InvalidTriggerError {
  return refused(
    `${typeof what === 'string' ? 'expression' : 'fields'} ${JSON.stringify(what)} never fires in ${zone}: its clock skips each time that is named, as it goes forward; choose another time, or dst.gap "shift"`,
  );
}

/** For a trigger that names times before `startAt` or after `endAt` only. */
export function refusedWindow(what: string | object): InvalidTriggerError {
  return refused(
    `${typeof what === 'string' ? 'expression' : 'fields'} ${JSON.stringify(what)} never fires: it names no time from startAt to endAt; change one of them`,
  );
}

function refused(message: string): InvalidTriggerError {
  return new InvalidTriggerError(`cron: ${message}`);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
