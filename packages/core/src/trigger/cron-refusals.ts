import { counted } from '../counted.js';
import { InvalidTriggerError } from '../errors.js';

const FIELDS = [
  { name: 'second', min: 0, max: 59, also: '' },
  { name: 'minute', min: 0, max: 59, also: '' },
  { name: 'hour', min: 0, max: 23, also: '' },
  {
    name: 'day-of-month',
    min: 1,
    max: 31,
    also: ', "L" (the last day), "L-2" (two days before it), "15W" (the weekday nearest the 15th), "LW" (the last weekday)',
  },
  { name: 'month', min: 1, max: 12, also: ', JAN–DEC' },
  { name: 'day-of-week', min: 0, max: 7, also: ', SUN–SAT, "5L" (the last Friday), "1#2" (the second Monday)' },
] as const;

/** For a field of a crontab string that cannot be read; `index` counts from the seconds. */
export function refusedField(index: number, text: string): InvalidTriggerError {
  const { name, min, max, also } = FIELDS[index] ?? FIELDS[0];
  const hint = wrappedHint(text);
  if (hint) return refused(`${quoted(text)} is not a field${hint}`);
  return refused(
    `${name} ${quoted(text)} cannot be read; allowed are ${min}–${max}${also}, "*", ranges "a-b", steps "*/n", lists "a,b" and "H"`,
  );
}

const YEAR_IN_FIELDS = 'a year is for the field form, such as cron({ year: 2027, month: 1, day: 1 })';

/** `fields`: how many fields the string has. In Quartz and AWS, a year follows the day of the week. */
export function refusedOutside(index: number, text: string, fields: number): InvalidTriggerError {
  const { name, min, max } = FIELDS[index] ?? FIELDS[0];
  const isLast = index === FIELDS.length - 1;
  const isYear = isLast && /^(19|2\d)\d\d(\D|$)/.test(text);
  const hint = isYear ? `; ${fields === 6 ? 'of 6 fields, the first is the second: ' : ''}${YEAR_IN_FIELDS}` : '';
  return refused(`${name} ${quoted(text)} is outside ${min}–${max}${hint}`);
}

interface BackwardsRange {
  readonly start: number;
  readonly end: number;
  readonly step: number | '' | undefined;
}

export function refusedBackwards(index: number, text: string, range: BackwardsRange): InvalidTriggerError {
  const { name, min, max } = FIELDS[index] ?? FIELDS[0];
  return refused(`${name} ${quoted(text)} runs backwards; write "${forwards(range, min, max)}"`);
}

/** For `H(22-2)`: `H` picks from one range. A range over the end of its field has two parts, so it needs two expressions. */
export function refusedHashedBackwards(index: number, text: string, max: number): InvalidTriggerError {
  const { name, min } = FIELDS[index] ?? FIELDS[0];
  const [, low = '', high = ''] = /\((\d+)-(\d+)\)/.exec(text) ?? [];
  const parts = `"H(${low}-${max})" or "H(${min}-${high})"`;
  return refused(`${name} ${quoted(text)} runs backwards; H picks from one range that goes up: write ${parts}`);
}

/**
 * Writes a range that runs over the end of its field as two ranges that do not; with a step, as the list of its values. The step is not longer than
 * the field.
 */
export function forwards({ start, end, step }: BackwardsRange, min: number, max: number): string {
  if (!step) return `${start}-${max},${min}-${end}`;
  const size = max - min + 1;
  const values: number[] = [];
  for (let value = start; value <= end + size; value += step) values.push(value > max ? value - size : value);
  return values.join(',');
}

interface LongStep {
  readonly step: string;
  readonly longest: number;
  readonly start: number;
  readonly end: number;
}

export function refusedStep(index: number, text: string, step: LongStep): InvalidTriggerError {
  const { name } = FIELDS[index] ?? FIELDS[0];
  return refused(`${name} ${quoted(text)} ${stepInWords(text, step)}`);
}

/** The message for a step that is too long. It shows a range over the end of its field as it was written. */
export function stepInWords(text: string, { step, longest, start, end }: LongStep): string {
  const named = end < start ? text.split('/')[0] : `${start}–${end}`;
  return `has a step of ${step}; allowed are 1–${longest}, as it names ${named}`;
}

/** `fields`: how many fields the string has. AWS has a year as the sixth, and puts "?" into one of its day fields. */
export function refusedQuestion(index: number, text: string, fields: number): InvalidTriggerError {
  const { name } = FIELDS[index] ?? FIELDS[0];
  const hint =
    fields === 6 && index < 5
      ? 'of 6 fields, the first is the second: where the sixth is meant for a year, as in AWS, leave it out, or give fields with a year'
      : 'write "*"';
  return refused(`${name} ${quoted(text)}: "?" stands alone, for day-of-month or day-of-week only; ${hint}`);
}

export function refusedFieldCount(expression: string, count: number): InvalidTriggerError {
  const year = wrappedHint(expression) || (count === 7 ? `; ${YEAR_IN_FIELDS}` : '');
  return refused(
    `expression ${quoted(expression)} has ${counted(count, 'field')}; give 5 (minute, hour, day-of-month, month, day-of-week), or 6 with the second before them${year}`,
  );
}

export function refusedNickname(name: string, known: readonly string[]): InvalidTriggerError {
  const elsewhere = NICKNAMES_ELSEWHERE.find(({ form }) => form.test(name))?.hint ?? '';
  return refused(`expression ${quoted(name)} is not a nickname; allowed are ${known.join(', ')}${elsewhere}`);
}

/** A hint about text that other dialects put before the first field: a zone, or the name of a function. */
function wrappedHint(text: string): string {
  if (/^(?:CRON_)?TZ=/.test(text.trim())) {
    return '; give the zone as an option, such as cron("0 9 * * *", { timezone: "Europe/Berlin" })';
  }
  if (/^rate\(/i.test(text.trim())) return '; for a rhythm in real time, give an interval, such as interval("5m")';
  return /^cron\(/i.test(text.trim()) ? '; leave out "cron(" and ")", and a last field for the year' : '';
}

/** Nicknames of Go's cron, and of Vixie's. */
const NICKNAMES_ELSEWHERE = [
  { form: /^@every\b/i, hint: '; for a rhythm in real time, give an interval, such as interval("5m")' },
  { form: /^@reboot$/i, hint: '; a trigger names times: what is to run as a program starts, that program enqueues' },
];

/** For a string with valid fields whose days do not exist, such as 31 February. */
export function refusedDays(expression: string): InvalidTriggerError {
  return refused(
    `expression ${quoted(expression)} never fires: its months have no such day; change day-of-month or month`,
  );
}

/** For fields that are valid one by one, and never match together. */
export function refusedFieldDays(fields: object): InvalidTriggerError {
  return refused(
    `fields ${JSON.stringify(fields)} never fire: no day matches them all; change year, month, day, week or dayOfWeek`,
  );
}

/** For times that a zone's clock skips on each day that they are named. */
export function refusedTimes(what: string | object, zone: string): InvalidTriggerError {
  return refused(
    `${typeof what === 'string' ? 'expression' : 'fields'} ${JSON.stringify(what)} never fires in ${zone}: its clock skips each time that is named, as it goes forward; choose another time, or dst.gap "shift"`,
  );
}

/** For a trigger whose times are all before `startAt` or after `endAt`. */
export function refusedWindow(what: string | object): InvalidTriggerError {
  return refused(
    `${typeof what === 'string' ? 'expression' : 'fields'} ${JSON.stringify(what)} never fires: it names no time from startAt to endAt; change one of them`,
  );
}

/** For fields whose times are all after the end of the year 9999 in UTC. */
export function refusedEnd(fields: object, zone: string): InvalidTriggerError {
  return refused(
    `fields ${JSON.stringify(fields)} never fire in ${zone}: all that they name is after the year 9999 of UTC; change year`,
  );
}

function refused(message: string): InvalidTriggerError {
  return new InvalidTriggerError(`cron: ${message}`);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
