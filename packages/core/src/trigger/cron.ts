import { z } from 'zod';
import { type Duration, parseDuration } from '../duration.js';
import { type CompileOptions, jitterSchema, type NextMs } from './compiled-trigger.js';
import { parseCronExpression } from './cron-expression.js';
import { refusedDays } from './cron-refusals.js';
import { crontabDays } from './crontab-days.js';
import { type DaylightSaving, nextInstant, ONCE_EACH, REAL_TIME } from './daylight-saving.js';
import { checkForm, givenFields, strictForm } from './form.js';
import { timeOfDay } from './time-of-day.js';
import { type WallClock, wallClock } from './wall-clock.js';
import { canonicalWindow, type Window, type WindowOptions, windowShape, within } from './window.js';
import { zoneOf } from './zone.js';

/** Fires when the clock of a zone shows what a crontab string says. */
export interface CronTrigger extends Window {
  readonly type: 'cron';
  readonly expression: string;
  /** An IANA name; the scheduler's zone where it is left out. */
  readonly timezone?: string;
  readonly jitter?: Duration;
  /** For wall-clock times that do not exist or come twice; where it is left out, see `daylightSavingOf`. */
  readonly dst?: DaylightSaving;
}

/** What `cron()` takes beside the expression. */
export interface CronOptions extends WindowOptions {
  readonly timezone?: string | undefined;
  readonly jitter?: Duration | undefined;
  readonly dst?: DaylightSaving | undefined;
}

const MAX_LENGTH = 1_024;
const EXPRESSION_ERROR = `is not a crontab string of at most ${MAX_LENGTH} characters, such as "30 9 * * 1-5"`;

export const cronSchema = strictForm({
  type: z.literal('cron'),
  expression: z.string({ error: EXPRESSION_ERROR }).max(MAX_LENGTH, EXPRESSION_ERROR),
  timezone: z.string({ error: 'is not the IANA name of a time zone, such as "Europe/Berlin"' }).exactOptional(),
  ...windowShape,
  jitter: jitterSchema.exactOptional(),
  dst: strictForm({
    gap: z.enum(['shift', 'skip'], { error: 'is not one of "shift", "skip"' }),
    fold: z.enum(['first', 'second', 'both'], { error: 'is not one of "first", "second", "both"' }),
  }).exactOptional(),
});

/**
 * A trigger from a crontab string: 5 fields, 6 with seconds first, or a nickname such as `@daily`. Only its form is
 * checked here; expression and zone are checked when it is compiled.
 * @throws InvalidTriggerError
 */
export function cron(expression: string, options: CronOptions = {}): CronTrigger {
  const given = givenFields(options);
  return checkForm(cronSchema, { ...given, ...canonicalWindow(given), type: 'cron', expression });
}

export function compileCron(trigger: CronTrigger, { jobId, timezone }: CompileOptions): NextMs {
  const zone = zoneOf(zoneOfCron(trigger, timezone), 'cron');
  const { times, everyHour } = cronTimes(trigger.expression, jobId || NO_JOB);
  const rule = trigger.dst ?? daylightSavingOf(everyHour);
  return within(trigger, (after) => nextInstant(zone, rule, times, after));
}

/** What an expression says, in no zone yet. */
interface CronTimes {
  readonly times: WallClock;
  readonly everyHour: boolean;
}

/** Many jobs share few expressions, and reading one takes longer than asking it. */
const remembered = new Map<string, CronTimes>();
const MAX_REMEMBERED = 1_000;

function cronTimes(expression: string, seed: string): CronTimes {
  const key = /h/i.test(expression) ? `${seed} ${expression}` : expression;
  const known = remembered.get(key);
  if (known) return known;
  const { days, hours, minutes, seconds } = parseCronExpression(expression, seed);
  const time = timeOfDay(hours, minutes, seconds);
  const everyDay = crontabDays(days);
  if (everyDay(0) === Number.POSITIVE_INFINITY) throw refusedDays(expression);
  const read = { times: wallClock(everyDay, time), everyHour: time.everyHour };
  if (remembered.size === MAX_REMEMBERED) remembered.clear();
  remembered.set(key, read);
  return read;
}

/** The trigger's zone, else the scheduler's, else UTC. */
export function zoneOfCron(trigger: CronTrigger, schedulerZone?: string): string {
  return trigger.timezone ?? schedulerZone ?? 'UTC';
}

/** The given form, in its one spelling. */
export function canonicalCron(trigger: CronTrigger): object {
  const expression = trigger.expression.trim().split(/\s+/).join(' ');
  return { ...trigger, expression, jitter: parseDuration(trigger.jitter), ...canonicalWindow(trigger) };
}

/** The parser takes an empty seed for none, and would then draw `H` by chance. */
const NO_JOB = 'carillon';

/**
 * In the spirit of Vixie cron: a trigger whose hours are all 24 means "every so many minutes" and follows real time; any
 * other means "at this time of day" and fires once for each such time.
 */
function daylightSavingOf(everyHour: boolean): DaylightSaving {
  return everyHour ? REAL_TIME : ONCE_EACH;
}
