import { z } from 'zod';
import { type Duration, parseDuration } from '../duration.js';
import { durationInUnit } from '../duration-text.js';
import { InvalidTriggerError } from '../errors.js';
import { shown } from '../shown.js';
import { type CompileOptions, jitterSchema } from './compiled-trigger.js';
import { checkForm, givenFields, strictForm } from './form.js';
import { instantOf } from './instant.js';
import type { TriggerKind } from './kind.js';
import { windowed } from './leaf.js';
import { inOtherWords, iso, type Mismatch, outside } from './mismatch.js';
import { nextOfProgression, type Progression } from './progression.js';
import { versionSchema } from './version.js';
import { canonicalWindow, isInOrder, WINDOW_ORDER, type Window, type WindowOptions, windowShape } from './window.js';
import { amounts, delayed, from, inOneLine, jitterPart, sentence, until, windowParts } from './words.js';

/** The parts of a step; they add up. Fractions are allowed, the sum is rounded to whole ms. */
interface Step {
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

/**
 * Fires at anchor + k × step of elapsed time, without a zone: a day is 24 hours. The anchor is `startAt`, or else the time at which the job was
 * added.
 */
export interface IntervalTrigger extends Step, Window {
  readonly v?: 1;
  readonly type: 'interval';
  readonly jitter?: Duration;
}

/** The options of `interval()`, which also takes a string such as `'5m'`. */
export type IntervalOptions = { readonly [K in keyof Step]?: number | undefined } & WindowOptions & {
    readonly jitter?: Duration | undefined;
  };

const UNIT_MS = {
  weeks: 604_800_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
  milliseconds: 1,
} as const satisfies Record<keyof Step, number>;

const UNITS = Object.keys(UNIT_MS) as (keyof Step)[];

const FIELD_OF_UNIT: Readonly<Record<string, keyof Step>> = {
  w: 'weeks',
  d: 'days',
  h: 'hours',
  m: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
};

const amount = z.number({ error: 'is not a number of at least 0' }).nonnegative('is not a number of at least 0');

const LONGEST_STEP_MS = 10_000 * 366 * UNIT_MS.days;

const schema = strictForm({
  type: z.literal('interval'),
  weeks: amount.exactOptional(),
  days: amount.exactOptional(),
  hours: amount.exactOptional(),
  minutes: amount.exactOptional(),
  seconds: amount.exactOptional(),
  milliseconds: amount.exactOptional(),
  ...windowShape,
  jitter: jitterSchema.exactOptional(),
  v: versionSchema,
})
  .refine(isInOrder, WINDOW_ORDER)
  .refine((trigger) => stepMs(trigger) <= LONGEST_STEP_MS, {
    error: ({ input }) => `the step${amountsOf(input as Step)} is longer than 10,000 years; give less`,
    when: ({ issues }) => issues.length === 0,
  })
  .refine((trigger) => stepMs(trigger) >= 1, {
    error: ({ input }) =>
      `the step${amountsOf(input as Step)} is less than 1 ms; give at least one of ${UNITS.join(', ')}`,
    when: ({ issues }) => issues.length === 0,
  });

/**
 * Returns a trigger that fires at equal distances. The first fire time is `startAt`. Without `startAt`, it is one step after the job was added.
 * @throws InvalidTriggerError
 */
export function interval(every: IntervalOptions | Exclude<Duration, number>): IntervalTrigger {
  const given = typeof every === 'object' && every !== null ? givenFields(every, 'interval: step') : stepOf(every);
  return checkForm(schema, { ...given, ...canonicalWindow(given), type: 'interval' });
}

/** The parts of a step as they were given: ` of weeks 2, days 1`. */
function amountsOf(step: Step): string {
  const given = UNITS.filter((unit) => step[unit] !== undefined).map((unit) => `${unit} ${step[unit]}`);
  return given.length > 0 ? ` of ${given.join(', ')}` : '';
}

/** ms of a trigger's step. */
function stepMs(step: Step): number {
  const { weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0 } = step;
  const whole = weeks * UNIT_MS.weeks + days * UNIT_MS.days + hours * UNIT_MS.hours + minutes * UNIT_MS.minutes;
  return Math.round(whole + seconds * UNIT_MS.seconds + milliseconds);
}

/** Without a `startAt`, the job keeps the anchor, and the caller passes it as `options.now`. */
export function progressionOf(trigger: IntervalTrigger, options: CompileOptions): Progression {
  const step = stepMs(trigger);
  if (trigger.startAt === undefined) {
    const anchor = anchorOf(options, 'interval');
    return { anchor, step, first: anchor + step };
  }
  const anchor = instantOf(trigger.startAt);
  return { anchor, step, first: anchor };
}

/** When the job was added, ms. */
export function anchorOf({ now = new Date() }: CompileOptions, what: string): number {
  const anchor = now.getTime();
  if (Number.isNaN(anchor)) throw new InvalidTriggerError(`${what}: the anchor "now" is an invalid Date`);
  return anchor;
}

function stepOf(text: unknown): object {
  const [, number = '', unit = ''] = typeof text === 'string' ? (/^(.*?)([a-z]+)$/.exec(text) ?? []) : [];
  const field = FIELD_OF_UNIT[unit];
  if (parseDuration(text) === undefined || field === undefined) {
    throw new InvalidTriggerError(
      `interval: ${shown(text)} is not a duration; give a string such as "500ms", "40s", "5m", "2h", "1d", "1w"`,
    );
  }
  return { [field]: Number(number) };
}

export const intervalKind: TriggerKind<IntervalTrigger> = {
  schema,
  basis: 'progression',
  usesAnchor: ({ startAt }) => startAt === undefined,
  usesId: () => false,
  // Steps of the same length are equal, whatever units they have.
  canonical: (trigger) => {
    const { type, jitter } = trigger;
    return { type, step: stepMs(trigger), jitter: parseDuration(jitter), ...canonicalWindow(trigger) };
  },
  compile: (trigger, options) => {
    const progression = progressionOf(trigger, options);
    const { from, until, nextMs, jitterMs } = windowed(trigger, nextOfProgression(progression));
    return { progression, from, until, nextMs, jitterMs };
  },
  parts,
  words: (trigger) => {
    const { weeks, days, hours, minutes, seconds, milliseconds } = trigger;
    const step = { week: weeks, day: days, hour: hours, minute: minutes, second: seconds, millisecond: milliseconds };
    const { startAt, endAt, jitter } = trigger;
    return sentence(`Every ${amounts(step)}`, from(startAt), until(endAt), delayed(jitter));
  },
  mismatch: intervalMismatch,
};

function parts(trigger: IntervalTrigger): readonly (string | undefined)[] {
  const { weeks, days, hours, minutes, seconds, milliseconds } = trigger;
  const units = { w: weeks, d: days, h: hours, m: minutes, s: seconds, ms: milliseconds };
  const step = Object.entries(units)
    .filter(([, amount]) => amount)
    .map(([unit, amount]) => `${amount}${unit}`);
  return [step.join(' '), ...windowParts(trigger), jitterPart(trigger)];
}

function intervalMismatch(trigger: IntervalTrigger, options: CompileOptions, instant: number): Mismatch {
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
    inOneLine(trigger.type, parts(trigger)),
    `it fires every ${durationInUnit(step)} from ${iso(first)} on, and the instant is ${durationInUnit(rest)} after one of these fire times`,
  );
}
