import type { Trigger } from '../trigger/index.js';
import { date, triggerZone } from '../trigger/index.js';
import type { CheckedChanges, CheckedPolicy, CheckedSpec } from './checks.js';
import type { JobDefinition } from './definition.js';

/** What a scheduler fills in. */
export interface Defaults {
  readonly policy: CheckedPolicy;
  readonly timezone: string | undefined;
}

/** The definition of a new job, as of an instant of the store's clock, ms. */
export function fillSpec(spec: CheckedSpec, { policy, timezone }: Defaults, now: number): JobDefinition {
  const { misfireGraceTime = policy.misfireGraceTime } = spec;
  const trigger = spec.trigger ?? date(new Date(now));
  return {
    task: spec.task,
    args: spec.args ?? [],
    kwargs: spec.kwargs,
    name: spec.name,
    ...anchored(trigger, timezone, spec.nextRunTime?.getTime() ?? now),
    executor: spec.executor ?? policy.executor ?? 'default',
    maxInstances: spec.maxInstances ?? policy.maxInstances ?? 1,
    misfireGraceMs: misfireGraceTime ?? null,
    coalesce: spec.coalesce ?? policy.coalesce ?? true,
    replaceExisting: spec.replaceExisting ?? false,
  };
}

/** A definition with changes; a trigger among them counts from now. */
export function fillChanges(
  definition: JobDefinition,
  changes: CheckedChanges,
  timezone: string | undefined,
  now: number,
): JobDefinition {
  const call = changes.task ? { task: changes.task, args: changes.args ?? [], kwargs: changes.kwargs } : {};
  return {
    ...definition,
    ...call,
    ...(changes.trigger ? anchored(changes.trigger, timezone, changes.nextRunTime?.getTime() ?? now) : {}),
    name: changes.name ?? definition.name,
    executor: changes.executor ?? definition.executor,
    maxInstances: changes.maxInstances ?? definition.maxInstances,
    misfireGraceMs: changes.misfireGraceTime === undefined ? definition.misfireGraceMs : changes.misfireGraceTime,
    coalesce: changes.coalesce ?? definition.coalesce,
  };
}

/** An interval without a start counts from when it was added, or from the first run time that it was given. */
function anchored(trigger: Trigger, timezone: string | undefined, anchor: number) {
  return { trigger, timezone: triggerZone(trigger, timezone), anchor };
}
