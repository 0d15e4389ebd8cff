import { z } from 'zod';
import { type Duration, parseDuration } from '../duration.js';
import { InvalidTriggerError } from '../errors.js';
import { shown } from '../shown.js';
import { type CompileOptions, jitterSchema, type NextMs } from './compiled-trigger.js';
import { checkForm, givenFields, strictForm } from './form.js';
import { instantOf } from './instant.js';
import { versionSchema } from './version.js';
import { canonicalWindow, isInOrder, WINDOW_ORDER, type Window, type WindowOptions, windowShape } from './window.js';

/** The parts of a step; they add up. Fractions are allowed, the sum is rounded to whole ms. */
interface Step {
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

/** Fires at anchor + k × step of elapsed time, in no zone: a day is 24 hours. The anchor is `startAt`, else when it was added. */
export interface IntervalTrigger extends Step, Window {
  readonly v?: 1;
  readonly type: 'interval';
  readonly jitter?: Duration;
}

/** What `interval()` takes beside a string such as `'5m'`. */
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

export const intervalSchema = strictForm({
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
    error: 'the step is longer than 10,000 years; give less',
    when: ({ issues }) => issues.length === 0,
  })
  .refine((trigger) => stepMs(trigger) >= 1, {
    error: `the step is less than 1 ms; give at least one of ${UNITS.join(', ')}`,
    when: ({ issues }) => issues.length === 0,
  });

/**
 * A trigger that fires every so often. With `startAt`, that is the first fire time; without, the first one comes one
 * step after the job was added.
 * @throws InvalidTriggerError
 */
export function interval(every: IntervalOptions | Exclude<Duration, number>): IntervalTrigger {
  const given = typeof every === 'object' && every !== null ? givenFields(every, 'interval: step') : stepOf(every);
  return checkForm(intervalSchema, { ...given, ...canonicalWindow(given), type: 'interval' });
}

/** ms of a trigger's step. */
function stepMs(step: Step): number {
  return Math.round(UNITS.reduce((sum, unit) => sum + (step[unit] ?? 0) * UNIT_MS[unit], 0));
}

/** An interval in ms: anchor + k × step, from `first` on. */
export interface Progression {
  readonly anchor: number;
  readonly step: number;
  readonly first: number;
}

/** `anchor` is kept by the job where the trigger has no `startAt`: it comes as `options.now`. */
export function progressionOf(trigger: IntervalTrigger, options: CompileOptions): Progression {
  const step = stepMs(trigger);
  if (trigger.startAt === undefined) {
    const anchor = anchorOf(options, 'interval');
    return { anchor, step, first: anchor + step };
  }
  const anchor = instantOf(trigger.startAt);
  return { anchor, step, first: anchor };
}

export function nextOfProgression({ anchor, step, first }: Progression): NextMs {
  return (after) => (after < first ? first : after - ((after - anchor) % step) + step);
}

/** When the job was added, ms. */
export function anchorOf({ now = new Date() }: CompileOptions, what: string): number {
  const anchor = now.getTime();
  if (Number.isNaN(anchor)) throw new InvalidTriggerError(`${what}: the anchor "now" is an invalid Date`);
  return anchor;
}

/** The given form in its one spelling: equal steps are equal, whatever their units. */
export function canonicalInterval(trigger: IntervalTrigger): object {
  const { type, jitter } = trigger;
  return { type, step: stepMs(trigger), jitter: parseDuration(jitter), ...canonicalWindow(trigger) };
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
