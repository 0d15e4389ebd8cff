import { InvalidOptionsError } from '../errors.js';
import { shown } from '../shown.js';
import { checkTriggerOptions, instantGiven } from './arguments.js';
import { type ClockChange, clockChanges } from './clock-changes.js';
import { compileTrigger } from './compile.js';
import type { CompileOptions } from './compiled-trigger.js';
import { instantOf } from './instant.js';
import { kindOf, type LeafTrigger, leavesOf, type Trigger } from './trigger.js';

export interface PreviewOptions extends CompileOptions {
  /** The instant after which the fire times are; default: the present. */
  readonly after?: Date | undefined;
  /** How many fire times, 0 to 10,000; default: 10. */
  readonly count?: number | undefined;
}

export interface Preview {
  /** The nominal fire times, without jitter. They are fewer than `count` if the trigger names no more. */
  readonly fireTimes: readonly Date[];
  /** The effects of clock changes on the trigger within a year, in order. */
  readonly warnings: readonly ClockChange[];
}

const YEAR_MS = 366 * 86_400_000;
const MAX_COUNT = 10_000;

/**
 * Returns the next fire times of a trigger, and the wall-clock times of the next year that do not exist or occur twice.
 * @throws InvalidTriggerError; InvalidOptionsError that names the option
 */
export function preview(trigger: Trigger, options: PreviewOptions = {}): Preview {
  checkTriggerOptions(options, 'preview');
  const { after = new Date(), count = 10, now = after, ...rest } = options;
  instantGiven(after, 'preview: after');
  if (!Number.isInteger(count) || count < 0 || count > MAX_COUNT) {
    throw new InvalidOptionsError(`preview: count ${shown(count)} is not a whole number of 0 to ${MAX_COUNT}`);
  }
  const compiled = compileTrigger(trigger, { ...rest, now });
  const fireTimes: Date[] = [];
  for (let next = compiled.next(after); next && fireTimes.length < count; next = compiled.next(next)) {
    fireTimes.push(next);
  }
  const fires = (instant: number) => compiled.nextMs(instant - 1) === instant;
  const changes = leavesOf(trigger).flatMap((part) => {
    const { clock } = kindOf(part).compile(part, { ...rest, now });
    return clock ? clockChanges(clock, yearOf(part, after.getTime())) : [];
  });
  const byMessage = new Map(changes.map((change) => [change.message, change]));
  const warnings = [...byMessage.values()].filter(({ fireTimes }) => fireTimes.every((time) => fires(time.getTime())));
  return { fireTimes, warnings: warnings.sort((a, b) => a.changeAt.getTime() - b.changeAt.getTime()) };
}

/** The year after an instant, cut to the start and the end of the trigger. */
function yearOf(trigger: LeafTrigger, after: number): { readonly from: number; readonly to: number } {
  const startAt = 'startAt' in trigger && trigger.startAt !== undefined ? instantOf(trigger.startAt) : after;
  const endAt = 'endAt' in trigger && trigger.endAt !== undefined ? instantOf(trigger.endAt) : Number.POSITIVE_INFINITY;
  return { from: Math.max(after, startAt), to: Math.min(after + YEAR_MS, endAt) };
}
