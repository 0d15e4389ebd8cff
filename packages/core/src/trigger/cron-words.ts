import cronstrue from 'cronstrue';
import { NO_JOB, parseCronExpression, plainCrontab } from './cron-expression.js';
import type { CronFields } from './cron-fields.js';
import type { CrontabDays } from './crontab-days.js';
import { FIELD_NAMES, FIELD_WORDS } from './field-expression.js';

/** Describes a cron trigger in English. @throws InvalidTriggerError */
export function cronInWords(
  { expression = '', fields }: { readonly expression?: string | undefined; readonly fields?: CronFields | undefined },
  jobId: string | undefined,
): string {
  return fields ? fieldsInWords(fields) : crontabInWords(expression, jobId);
}

function fieldsInWords(fields: CronFields): string {
  const given = FIELD_NAMES.filter((name) => fields[name] !== undefined).reverse();
  const conditions = given.map((name) => {
    const text = String(fields[name]).trim();
    const isWeekday = name === 'dayOfWeek' && /^\d/.test(text);
    return text === '*'
      ? `every ${FIELD_WORDS[name]}`
      : `${FIELD_WORDS[name]} ${text}${isWeekday ? ' (0 = Monday)' : ''}`;
  });
  return `At ${conditions.join(', ')}`;
}

/**
 * Describes a crontab string in English. An `H` is shown by its value for the job's id, and a step that does not divide its field by the values
 * that it names. @throws InvalidTriggerError
 */
function crontabInWords(expression: string, jobId = ''): string {
  const seed = jobId || NO_JOB;
  const plain = plainCrontab(expression, seed);
  const { dayOfMonth, dayOfWeek } = parseCronExpression(expression, seed).days;
  const days = daysInWords(dayOfMonth);
  if (days === undefined) return described(plain);
  const fields = plain.split(' ');
  const [weekday = '*'] = fields.slice(-1);
  const time = described(fields.with(-3, '*').with(-1, '*').join(' '));
  const orWeekday = dayOfWeek.restricted
    ? `, or ${described(`0 0 * * ${weekday}`).replace(/^At 00:00, (only )?/, '')}`
    : '';
  return `${time}, on ${days} of the month${orWeekday}`;
}

function described(plain: string): string {
  try {
    return cronstrue.toString(plain, { use24HourTimeFormat: true, verbose: false });
  } catch {
    return `When the clock matches "${plain}"`;
  }
}

/** The days that cronstrue cannot describe, or cannot describe among others; undefined if there are none. */
function daysInWords({ values, fromEnd, nearest, nearestFromEnd }: CrontabDays['dayOfMonth']): string | undefined {
  const isPlain = nearest.length + nearestFromEnd.length === 0 && fromEnd.every((before) => before === 0);
  if (isPlain && (fromEnd.length === 0 || values.length === 0)) return undefined;
  const days = [
    ...(values.length > 0 ? [`day ${values.join(', ')}`] : []),
    ...fromEnd.map((before) => beforeLast(before)),
    ...nearest.map((day) => `the weekday nearest day ${day}`),
    ...nearestFromEnd.map((before) =>
      before === 0 ? 'the last weekday' : `the weekday nearest ${beforeLast(before)}`,
    ),
  ];
  return days.join(' and ');
}

function beforeLast(before: number): string {
  if (before === 0) return 'the last day';
  return `${before} day${before === 1 ? '' : 's'} before the last day`;
}
