import { refusedFieldCount, refusedNickname } from './cron-refusals.js';
import type { CrontabDays } from './crontab-days.js';
import { type CrontabField, readCrontabField, WEEKDAYS } from './crontab-field.js';

/** The seed of `H` where no job is known. The parser takes an empty seed as no seed. */
export const NO_JOB = 'carillon';

/** The content of a crontab string: the times of day, and the days. */
export interface CronExpression {
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
  readonly days: CrontabDays;
}

const NICKNAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
  '@minutely': '0 * * * * *',
  '@secondly': '* * * * * *',
  '@weekdays': '0 0 0 * * 1-5',
  '@weekends': '0 0 0 * * 0,6',
};

const [SECOND, DAY_OF_MONTH, DAY_OF_WEEK] = [0, 3, 5] as const;

/**
 * Reads a crontab string of 5 fields, of 6 (the first is seconds), or a nickname such as `@daily`. `seed` decides the value of `H`: the same seed
 * gives the same values.
 * @throws InvalidTriggerError naming the field, its value and what is allowed.
 */
export function parseCronExpression(expression: string, seed: string): CronExpression {
  const texts = fieldTexts(expression);
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = readFields(expression, seed);
  return {
    seconds: second.values,
    minutes: minute.values,
    hours: hour.values,
    days: {
      months: month.values,
      dayOfMonth: { ...dayOfMonth, restricted: isRestricted(texts[DAY_OF_MONTH]) },
      dayOfWeek: { ...dayOfWeek, restricted: isRestricted(texts[DAY_OF_WEEK]) },
    },
  };
}

/** The fields of a crontab string, seconds first. @throws InvalidTriggerError */
function readFields(expression: string, seed: string) {
  const count = expression.trim().split(/\s+/).length;
  const fields = fieldTexts(expression).map((text, index) => fieldOf(index, text, seed, count));
  return fields as [CrontabField, CrontabField, CrontabField, CrontabField, CrontabField, CrontabField];
}

/** Fields that have the same value in each job. Most expressions with an `H` have `H` in one or two fields only. */
const alike = new Map<string, CrontabField>();
const MOST_ALIKE = 1_000;

/** @throws InvalidTriggerError */
function fieldOf(index: number, text: string, seed: string, count: number): CrontabField {
  if (isHashed(text)) return readCrontabField(index, text, seed, count);
  const key = `${index} ${text}`;
  const field = alike.get(key) ?? readCrontabField(index, text, seed, count);
  if (alike.size === MOST_ALIKE) alike.clear();
  alike.set(key, field);
  return field;
}

/**
 * Returns an expression without a nickname, `H` or uneven steps. Each `H` is replaced by its value, and each step that does not divide its field by
 * the values that it names. The seconds are left out where they are 0. @throws InvalidTriggerError
 */
export function plainCrontab(expression: string, seed: string): string {
  const fields = readFields(expression, seed);
  const plain = fieldTexts(expression).map((text, index) => {
    const isListed =
      isHashed(text) || (/\//.test(text) && !isEven(text, index)) || (index === DAY_OF_WEEK && wraps(text));
    return isListed ? listed(text, fields[index]?.values ?? []) : text.replace(/\b0+(?=\d)/g, '');
  });
  return (plain[SECOND] === '0' ? plain.slice(1) : plain).join(' ');
}

const LENGTHS = [60, 60, 24, 0, 12, 0];

/** Whether a step divides its field, so that it has the same distance across the end of a minute, hour, day or year. */
function isEven(text: string, index: number): boolean {
  const [, step] = /^\*\/(\d+)$/.exec(text) ?? [];
  return step !== undefined && (LENGTHS[index] ?? 0) % Number(step) === 0 && LENGTHS[index] !== 0;
}

/**
 * Whether it is a range of weekdays over the end of the week, such as `FRI-MON` or `6-1`, or one that ends as it begins, such as `SUN-SUN`, `7-7`
 * or `0-7`.
 */
function wraps(text: string): boolean {
  const numberOf = (day: string) => (/^\d$/.test(day) ? Number(day) : WEEKDAYS.indexOf(day.toUpperCase()));
  return [...text.matchAll(/([0-7]|[A-Z]{3})-([0-7]|[A-Z]{3})/gi)].some(
    ([, from = '', to = '']) => numberOf(from) > numberOf(to) || numberOf(from) % 7 === numberOf(to) % 7,
  );
}

/** Replaces the items that are numbers, ranges and steps by their values; `5L`, `1#2` and `15W` stay. */
function listed(text: string, values: readonly number[]): string {
  const special = text.split(',').filter((item) => /[#W]|^L|[0-7A-Z]L$/i.test(item) && !/^(JUL|APRIL)$/i.test(item));
  return [...values, ...special].join(',');
}

/** Whether a field has an `H` that is not part of `THU` or `MARCH`. */
function isHashed(text: string): boolean {
  return /(^|,)H($|[(/,])/i.test(text);
}

/**
 * Whether a day field names fewer than all days. A step of 1 names every day. A longer step is a restriction, unlike in Vixie cron, where any `*`
 * restricts nothing.
 */
function isRestricted(text: string | undefined): boolean {
  return text !== undefined && !/^(\*(\/0*1)?|\?)$/.test(text);
}

export function fieldTexts(expression: string): readonly string[] {
  const trimmed = expression.trim();
  const line = trimmed.startsWith('@') ? nickname(trimmed) : trimmed;
  const texts = line === '' ? [] : line.split(/\s+/);
  if (texts.length === 6) return texts;
  if (texts.length === 5) return ['0', ...texts];
  throw refusedFieldCount(expression, texts.length);
}

function nickname(name: string): string {
  const line = Object.hasOwn(NICKNAMES, name) ? NICKNAMES[name] : undefined;
  if (line === undefined) throw refusedNickname(name, Object.keys(NICKNAMES));
  return line;
}
