import { z } from 'zod';
import { type CalendarIntervalTrigger, calendarIntervalSchema } from './calendar-interval.js';
import { type CronTrigger, cronSchema } from './cron.js';
import { type DateTrigger, dateSchema } from './date.js';
import { strictForm } from './form.js';
import { type IntervalTrigger, intervalSchema } from './interval.js';
import { versionSchema } from './version.js';

/** When a job fires: frozen plain data, exactly its JSON form. Made by the factories that its error message names. */
export type Trigger = DateTrigger | IntervalTrigger | CronTrigger | CalendarIntervalTrigger | AndTrigger | OrTrigger;

/** Fires at the instants that all of its triggers name, from 1970 to the end of 2099. */
export interface AndTrigger {
  readonly v?: 1;
  readonly type: 'and';
  readonly triggers: readonly Trigger[];
}

/** Fires at each instant that one of its triggers names, once where several do. */
export interface OrTrigger {
  readonly v?: 1;
  readonly type: 'or';
  readonly triggers: readonly Trigger[];
}

const MAX_TRIGGERS = 50;
const MAX_DEPTH = 5;

const FACTORIES = 'date(), interval(), cron(), calendarInterval(), and() or or()';
const LEAVES = [dateSchema, intervalSchema, cronSchema, calendarIntervalSchema] as const;

/** Built level by level, so that data nested without end is refused by its form. */
function nested(depth: number): z.ZodType<Trigger> {
  if (depth === 0) {
    const error = `is not a trigger that may stand here: and() and or() nest at most ${MAX_DEPTH} deep`;
    return z.discriminatedUnion('type', LEAVES, { error }) as unknown as z.ZodType<Trigger>;
  }
  const COUNT = `does not hold 1 to ${MAX_TRIGGERS} triggers`;
  const triggers = z
    .array(nested(depth - 1), COUNT)
    .min(1, COUNT)
    .max(MAX_TRIGGERS, COUNT);
  const composites = [
    strictForm({ type: z.literal('and'), triggers, v: versionSchema }),
    strictForm({ type: z.literal('or'), triggers, v: versionSchema }),
  ] as const;
  const error = `is not a trigger; make one with ${FACTORIES}`;
  // The form says that a cron trigger has an expression or fields in a way that its type cannot follow.
  return z.discriminatedUnion('type', [...LEAVES, ...composites], { error }) as unknown as z.ZodType<Trigger>;
}

/** The form of every trigger. That an expression can be read and a zone exists is for `compileTrigger` to say. */
export const triggerSchema: z.ZodType<Trigger> = nested(MAX_DEPTH);

/** A trigger's parts that are no `and` or `or`. */
export type LeafTrigger = Exclude<Trigger, AndTrigger | OrTrigger>;

export function leavesOf(trigger: Trigger): readonly LeafTrigger[] {
  return trigger.type === 'and' || trigger.type === 'or' ? trigger.triggers.flatMap(leavesOf) : [trigger];
}
