import { z } from 'zod';
import { type Duration, parseDuration } from '../duration.js';
import { type Clock, nextOfClock } from './clock.js';
import { clockMismatch } from './clock-mismatch.js';
import { type CompileOptions, jitterSchema } from './compiled-trigger.js';
import { NO_JOB, plainCrontab } from './cron-expression.js';
import { type CronFields, canonicalFields, cronFieldsSchema } from './cron-fields.js';
import { cronMismatch } from './cron-mismatch.js';
import { refusedEnd, refusedTimes, refusedWindow } from './cron-refusals.js';
import { cronTimes } from './cron-times.js';
import { cronInWords } from './cron-words.js';
import { type DaylightSaving, ONCE_EACH, REAL_TIME } from './daylight-saving.js';
import { FIELD_NAMES } from './field-expression.js';
import { checkForm, givenFields, strictForm } from './form.js';
import type { TriggerKind } from './kind.js';
import { type Leaf, windowed } from './leaf.js';
import { outside } from './mismatch.js';
import { isAlwaysLost } from './never-fires.js';
import { versionSchema } from './version.js';
import { canonicalWindow, isInOrder, WINDOW_ORDER, type Window, type WindowOptions, windowShape } from './window.js';
import { delayed, from, jitterPart, sentence, until, windowParts } from './words.js';
import { timezoneSchema, zoneOf } from './zone.js';

/** Fires when the clock of a zone shows a time that a crontab string, or the fields, name. */
export type CronTrigger = CrontabTrigger | CronFieldsTrigger;

export interface CrontabTrigger extends CronCommon {
  readonly expression: string;
  readonly fields?: never;
}

export interface CronFieldsTrigger extends CronCommon {
  readonly fields: CronFields;
  readonly expression?: never;
}

interface CronCommon extends Window {
  readonly v?: 1;
  readonly type: 'cron';
  /** An IANA name; default: the scheduler's zone. */
  readonly timezone?: string;
  readonly jitter?: Duration;
  /** The rule for wall-clock times that do not exist or occur twice. If it is left out, the default in `docs/triggers.md` applies. */
  readonly dst?: DaylightSaving;
}

/** The options that `cron()` takes together with the expression. */
export interface CronOptions extends WindowOptions {
  readonly timezone?: string | undefined;
  readonly jitter?: Duration | undefined;
  readonly dst?: DaylightSaving | undefined;
}

/** The fields of a cron trigger as `cron()` takes them. */
export type CronFieldOptions = { readonly [K in keyof CronFields]?: CronFields[K] | undefined };

const MAX_LENGTH = 1_024;
const EXPRESSION_ERROR = `is not a crontab string of at most ${MAX_LENGTH} characters, such as "30 9 * * 1-5"`;

/** The error text for a `dst` with one half only. Both are needed: one rule for times that a clock skips, one for times that it repeats. */
function bothOf(allowed: string) {
  return ({ input }: { readonly input?: unknown }) =>
    input === undefined ? `is missing: dst has both, gap and fold; allowed are ${allowed}` : `is not one of ${allowed}`;
}

const schema = strictForm({
  type: z.literal('cron'),
  expression: z.string({ error: EXPRESSION_ERROR }).max(MAX_LENGTH, EXPRESSION_ERROR).exactOptional(),
  fields: cronFieldsSchema.exactOptional(),
  timezone: timezoneSchema.exactOptional(),
  ...windowShape,
  jitter: jitterSchema.exactOptional(),
  dst: strictForm({
    gap: z.enum(['shift', 'skip'], { error: bothOf('"shift", "skip"') }),
    fold: z.enum(['first', 'second', 'both'], { error: bothOf('"first", "second", "both"') }),
  }).exactOptional(),
  v: versionSchema,
})
  .refine(isInOrder, WINDOW_ORDER)
  .refine((trigger) => (trigger.expression === undefined) !== (trigger.fields === undefined), {
    error: 'needs either an expression, such as "30 9 * * 1-5", or fields, such as { hour: 9, minute: 30 }',
    when: ({ issues }) => issues.length === 0,
  });

/**
 * Returns a trigger from a crontab string (5 fields, 6 with seconds first, or a nickname such as `@daily`), or from fields. It checks only the
 * form; `compileTrigger` checks the expressions and the zone.
 * @throws InvalidTriggerError
 */
export function cron(expression: string, options?: CronOptions): CrontabTrigger;
export function cron(fields: CronFieldOptions, options?: CronOptions): CronFieldsTrigger;
export function cron(when: string | CronFieldOptions, options?: CronOptions): CronTrigger;
export function cron(when: string | CronFieldOptions, options: CronOptions = {}): CronTrigger {
  const given = givenFields(options, 'cron: options');
  const what =
    typeof when === 'object' && when !== null ? { fields: givenFields(when, 'cron: fields') } : { expression: when };
  const data = { ...given, ...canonicalWindow(given), type: 'cron', ...what };
  return checkForm(schema as unknown as z.ZodType<CronTrigger>, data);
}

/** The job's id decides the values of `H`. */
function clockOf(trigger: CronTrigger, { jobId, timezone }: CompileOptions): Clock {
  const zone = zoneOf(trigger.timezone ?? timezone ?? 'UTC', 'cron');
  const read = cronTimes(trigger, jobId || NO_JOB);
  const clock = { ...read, zone, rule: trigger.dst ?? daylightSavingOf(read.timeOfDay.everyHour) };
  if (isAlwaysLost(clock)) throw refusedTimes(trigger.expression ?? trigger.fields, zone.name);
  return clock;
}

/**
 * Follows Vixie cron: a trigger that names all 24 hours means "every few minutes" and follows real time. Any other trigger means "at this time of
 * day" and fires once for each of these times.
 */
function daylightSavingOf(everyHour: boolean): DaylightSaving {
  return everyHour ? REAL_TIME : ONCE_EACH;
}

/** An `H` of an expression, whose value differs between jobs. It has no letter next to it, as in `thu`. */
const HASHED = /(?<![a-z])h(?![a-z])/i;

export const cronKind: TriggerKind<CronTrigger> = {
  schema,
  basis: 'clock',
  usesAnchor: () => false,
  usesId: ({ expression }) => expression !== undefined && HASHED.test(expression),
  forJob: (trigger, jobId) =>
    cronKind.usesId(trigger) && trigger.expression !== undefined
      ? { ...trigger, expression: plainCrontab(trigger.expression, jobId || NO_JOB) }
      : trigger,
  canonical: ({ v: _, ...trigger }) => {
    const { expression, fields, jitter } = trigger;
    const what = fields ? { fields: canonicalFields(fields) } : { expression: oneSpaced(expression) };
    return { ...trigger, ...what, jitter: parseDuration(jitter), ...canonicalWindow(trigger) };
  },
  compile: compileCron,
  parts: (trigger) => {
    const { expression, fields, timezone, dst } = trigger;
    const given = FIELD_NAMES.filter((name) => fields?.[name] !== undefined);
    const when = fields ? given.map((name) => `${name}=${fields[name]}`).join(' ') : oneSpaced(expression);
    const rule = dst && `gap=${dst.gap} fold=${dst.fold}`;
    return [when, timezone, ...windowParts(trigger), jitterPart(trigger), rule];
  },
  words: (trigger, { jobId, zone }) => {
    const { startAt, endAt, jitter } = trigger;
    return sentence(cronInWords(trigger, jobId), `in ${zone}`, from(startAt), until(endAt), delayed(jitter));
  },
  mismatch: (trigger, options, instant) => {
    const clock = clockOf(trigger, options);
    const found = cronMismatch(trigger, instant + clock.zone.periodAt(instant).offset, options.jobId);
    return outside(trigger, instant) ?? clockMismatch(clock, instant, found) ?? found;
  },
};

function compileCron(trigger: CronTrigger, options: CompileOptions): Leaf {
  const clock = clockOf(trigger, options);
  const leaf = { clock, ...windowed(trigger, nextOfClock(clock)) };
  const hasWindow = trigger.startAt !== undefined || trigger.endAt !== undefined;
  if (hasWindow && leaf.nextMs(leaf.from - 1) === null) throw refusedWindow(trigger.expression ?? trigger.fields);
  // Only a year can put all named times beyond the last instant. That instant is in UTC, and a zone behind UTC has not reached it yet.
  const hasYear = !hasWindow && trigger.fields?.year !== undefined;
  if (hasYear && leaf.nextMs(Date.UTC(1969, 0, 1)) === null)
    throw refusedEnd(trigger.fields, trigger.timezone ?? options.timezone ?? 'UTC');
  return leaf;
}

function oneSpaced(expression: string): string {
  return expression.trim().split(/\s+/).join(' ');
}
