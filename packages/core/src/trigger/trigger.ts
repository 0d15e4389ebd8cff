import { z } from 'zod';
import { meantNames } from '../near-name.js';
import { type CalendarIntervalTrigger, calendarIntervalKind } from './calendar-interval.js';
import { type CronTrigger, cronKind } from './cron.js';
import { type DateTrigger, dateKind } from './date.js';
import { strictForm } from './form.js';
import { type IntervalTrigger, intervalKind } from './interval.js';
import type { TriggerData, TriggerKind } from './kind.js';
import { versionSchema } from './version.js';

/** The data that says when a job fires: frozen and plain, exactly its JSON form. The factories `cron`, `interval`, `date` and others make it. */
export type Trigger = DateTrigger | IntervalTrigger | CronTrigger | CalendarIntervalTrigger | AndTrigger | OrTrigger;

/** Fires at the instants that all of its triggers name, from 1970 to the end of 2099. */
export interface AndTrigger {
  readonly v?: 1;
  readonly type: 'and';
  readonly triggers: readonly Trigger[];
}

/** Fires at each instant that at least one of its triggers names; once where several do. */
export interface OrTrigger {
  readonly v?: 1;
  readonly type: 'or';
  readonly triggers: readonly Trigger[];
}

/** A trigger's parts that are neither `and` nor `or`. */
export type LeafTrigger = Exclude<Trigger, AndTrigger | OrTrigger>;

/**
 * The kinds of triggers by their `type`, which is also the name of the factory. `and` and `or` are built of these. To add a kind, write a file like
 * `date.ts`, then add its type to `Trigger`, its object here, and its exports to `trigger/index.ts` and `index.ts`.
 */
const KINDS: { readonly [K in LeafTrigger['type']]: TriggerKind<Extract<LeafTrigger, { readonly type: K }>> } = {
  date: dateKind,
  interval: intervalKind,
  cron: cronKind,
  calendarInterval: calendarIntervalKind,
};

/** The kind of a trigger, typed for this trigger. */
export function kindOf<T extends LeafTrigger>({ type }: T): TriggerKind<T> {
  return KINDS[type] as unknown as TriggerKind<T>;
}

/** Every `type` of a trigger. */
export const TRIGGER_TYPES = [...(Object.keys(KINDS) as LeafTrigger['type'][]), 'and', 'or'] as const;

const FACTORIES = `${Object.keys(KINDS)
  .map((type) => `${type}()`)
  .join(', ')}, and() or or()`;
const LEAVES = Object.values(KINDS).map(({ schema }) => schema) as unknown as readonly [z.core.$ZodTypeDiscriminable];

const MAX_TRIGGERS = 50;
const MAX_DEPTH = 5;

/** Builds the form level by level, so that data that is nested too deep does not match it. */
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
  const error = ({ input }: { readonly input?: unknown }) =>
    `is not a trigger; make one with ${FACTORIES}${meantType(input)}`;
  // The form of a cron trigger requires an expression or fields. The type of the form cannot express this.
  return z.discriminatedUnion('type', [...LEAVES, ...composites], { error }) as unknown as z.ZodType<Trigger>;
}

function meantType(input: unknown): string {
  const type = typeof input === 'object' && input !== null && 'type' in input ? input.type : undefined;
  return typeof type === 'string' ? meantNames([type], TRIGGER_TYPES) : '';
}

/** The form of every trigger. `compileTrigger` checks that an expression can be read and that a zone exists. */
export const triggerSchema: z.ZodType<Trigger> = nested(MAX_DEPTH);

export function isComposite(trigger: Trigger): trigger is AndTrigger | OrTrigger {
  return trigger.type === 'and' || trigger.type === 'or';
}

/** The triggers that a trigger consists of: only itself, if it is neither an `and` nor an `or`. */
export function leavesOf(trigger: Trigger): readonly LeafTrigger[] {
  return isComposite(trigger) ? trigger.triggers.flatMap(leavesOf) : [trigger];
}

/** The zone that a trigger was given; undefined means the scheduler's. */
export function ownTimezone(trigger: TriggerData): string | undefined {
  return trigger.timezone;
}
