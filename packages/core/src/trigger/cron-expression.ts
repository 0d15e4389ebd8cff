import { CronDate, CronExpressionParser, type CronFieldCollection } from 'cron-parser';
import { refusedField, refusedFieldCount, refusedNickname } from './cron-refusals.js';
import type { CrontabDays } from './crontab-days.js';

/** What a crontab string says: the times of day, and the days. */
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

const [SECOND, MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK] = [0, 1, 2, 3, 4, 5] as const;

/**
 * Reads a crontab string of 5 fields, of 6 (the first is seconds), or a nickname such as `@daily`.
 * `seed` decides what `H` stands for: the same seed, the same values.
 * @throws InvalidTriggerError naming the field, its value and what is allowed.
 */
export function parseCronExpression(expression: string, seed: string): CronExpression {
  const texts = fieldTexts(expression);
  const whole = parsed(texts, seed);
  const parts = texts.map((text, index) => (whole ? [whole] : parsedAlone(text, index, seed)));
  const numbers = (index: number, field: FieldName) => valuesOf(parts[index], field).map(Number);
  const daysOfMonth = valuesOf(parts[DAY_OF_MONTH], 'dayOfMonth');
  const weekdays = valuesOf(parts[DAY_OF_WEEK], 'dayOfWeek');
  return {
    seconds: numbers(SECOND, 'second'),
    minutes: numbers(MINUTE, 'minute'),
    hours: numbers(HOUR, 'hour'),
    days: {
      months: numbers(MONTH, 'month'),
      dayOfMonth: {
        restricted: isRestricted(texts[DAY_OF_MONTH]),
        days: daysOfMonth.filter((value) => value !== 'L').map(Number),
        last: daysOfMonth.includes('L'),
      },
      dayOfWeek: {
        restricted: isRestricted(texts[DAY_OF_WEEK]),
        days: weekdays.filter((value) => !value.endsWith('L')).map(Number),
        nth: parts[DAY_OF_WEEK]?.[0]?.dayOfWeek.nthDay ?? 0,
        last: weekdays.filter((value) => value.endsWith('L')).map((value) => Number.parseInt(value, 10) % 7),
      },
    },
  };
}

/**
 * An expression with its nickname written out and each `H` replaced by what it stands for; the seconds only where they are
 * not 0. @throws InvalidTriggerError
 */
export function plainCrontab(expression: string, seed: string): string {
  const texts = fieldTexts(expression);
  const { seconds, minutes, hours, days } = parseCronExpression(expression, seed);
  const values = [seconds, minutes, hours, days.dayOfMonth.days, days.months, days.dayOfWeek.days];
  const plain = texts.map((text, index) => (isHashed(text) ? (values[index] ?? []).join(',') : text));
  return (plain[SECOND] === '0' ? plain.slice(1) : plain).join(' ');
}

/** Whether there is an `H` in it that is not of `THU` or `MARCH`. */
function isHashed(text: string): boolean {
  return /(^|,)H($|[(/,])/.test(text);
}

type FieldName = 'second' | 'minute' | 'hour' | 'dayOfMonth' | 'month' | 'dayOfWeek';

function valuesOf(parts: readonly CronFieldCollection[] | undefined, field: FieldName): string[] {
  return (parts ?? []).flatMap((part) => part[field].values.map(String));
}

/** A step of 1 names every day too. A longer one is a restriction, unlike in Vixie cron, where any `*` is none. */
function isRestricted(text: string | undefined): boolean {
  return text !== undefined && !/^[*?](\/0*1)?$/.test(text);
}

function fieldTexts(expression: string): readonly string[] {
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

/** Given none, the parser would read the clock in the local zone for each expression, which costs more than parsing. */
const NO_DATE = new CronDate(0, 'UTC');

function parsed(texts: readonly string[], seed: string): CronFieldCollection | undefined {
  // A day that H picks must exist in every month, or a job would skip the short ones by the luck of its id.
  const days = (texts[DAY_OF_MONTH] ?? '').replace(/H(?!\()/g, 'H(1-28)');
  try {
    const line = texts.with(DAY_OF_MONTH, days).join(' ');
    return CronExpressionParser.parse(line, { currentDate: NO_DATE, hashSeed: seed }).fields;
  } catch {
    return undefined;
  }
}

/** One field with the others out of the way: the parser refuses whole lines, and does not say which field is to blame. */
function parsedAlone(text: string, index: number, seed: string): readonly CronFieldCollection[] {
  const alone = (part: string) => parsed(['0', '0', '0', '*', '*', '*'].with(index, part), seed);
  const whole = alone(text);
  if (whole) return [whole];
  if (text.includes('#')) throw refusedField(index, text);
  // The parser takes no value twice; crontab does ("0,7" names Sunday twice). So the items of a list are read one by one.
  return text.split(',').map((item) => {
    const part = item === '' ? undefined : alone(item);
    if (part === undefined) throw refusedField(index, item === '' ? text : item);
    return part;
  });
}
