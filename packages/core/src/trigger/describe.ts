import { checkTriggerOptions } from './arguments.js';
import type { CompileOptions } from './compiled-trigger.js';
import type { CronFields } from './cron-fields.js';
import { crontabInWords } from './crontab-words.js';
import { triggerZone } from './digest.js';
import { FIELD_NAMES, FIELD_WORDS } from './field-expression.js';
import { checkForm } from './form.js';
import { amounts, durationText, timeText } from './text.js';
import { type LeafTrigger, type Trigger, triggerSchema } from './trigger.js';
import { zoneOf } from './zone.js';

/** What a description needs beside the trigger: the seed of `H`, and the scheduler's zone. */
export type DescribeOptions = Pick<CompileOptions, 'jobId' | 'timezone'>;

/**
 * A trigger in English words: `At 09:30, Monday through Friday, in Europe/Berlin`.
 * @throws InvalidTriggerError if it is no trigger, or there is no such zone; InvalidOptionsError that names the option.
 */
export function describeTrigger(trigger: Trigger, options: DescribeOptions = {}): string {
  checkTriggerOptions(options, 'describeTrigger');
  return inWords(checkForm(triggerSchema, trigger), options);
}

function inWords(trigger: Trigger, options: DescribeOptions): string {
  if (trigger.type !== 'and' && trigger.type !== 'or') return leafInWords(trigger, options);
  const parts = trigger.triggers.map((part) => uncapitalized(inWords(part, options)));
  const word = trigger.type === 'and' ? 'Whenever all of these agree' : 'Whenever one of these says so';
  return `${word}: ${parts.map((part) => `(${part})`).join(trigger.type === 'and' ? ' and ' : ' or ')}`;
}

function leafInWords(trigger: LeafTrigger, { jobId, timezone }: DescribeOptions): string {
  const zone = triggerZone(trigger, timezone);
  if (zone !== undefined) zoneOf(zone, trigger.type);
  switch (trigger.type) {
    case 'date':
      return `Once, at ${trigger.at}`;
    case 'interval': {
      const { weeks, days, hours, minutes, seconds, milliseconds } = trigger;
      const step = { week: weeks, day: days, hour: hours, minute: minutes, second: seconds, millisecond: milliseconds };
      const { startAt, endAt, jitter } = trigger;
      return sentence(`Every ${amounts(step)}`, from(startAt), until(endAt), delayed(jitter));
    }
    case 'cron': {
      const { startAt, endAt, jitter, fields, expression } = trigger;
      const when = fields ? fieldsInWords(fields) : crontabInWords(expression, jobId);
      return sentence(when, `in ${zone}`, from(startAt), until(endAt), delayed(jitter));
    }
    case 'calendarInterval': {
      const { years, months, weeks, days, startDate, endDate } = trigger;
      const step = amounts({ year: years, month: months, week: weeks, day: days });
      return sentence(`Every ${step} at ${timeText(trigger)}`, `in ${zone}`, from(startDate), until(endDate));
    }
  }
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

function sentence(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(', ');
}

function from(start: string | undefined): string | undefined {
  return start && `from ${start}`;
}

function until(end: string | undefined): string | undefined {
  return end && `until ${end}`;
}

function delayed(jitter: number | string | undefined): string | undefined {
  return jitter === undefined ? undefined : `delayed by less than ${durationText(jitter)}`;
}

function uncapitalized(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
