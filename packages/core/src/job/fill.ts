import type { JsonValue } from '../json.js';
import type { DedupeWindow } from '../ports/job-records.js';
import type { TraceContext } from '../telemetry/trace.js';
import type { Trigger } from '../trigger/index.js';
import { date, triggerZone } from '../trigger/index.js';
import type { CheckedChanges, CheckedEnqueueOptions, CheckedPolicy, CheckedSpec } from './checks.js';
import type { JobDefinition } from './definition.js';
import { DEFAULTS, valuesOf } from './field-values.js';
import type { RunFields } from './run-now.js';

/** When a run is to be executed. */
export interface AskedFor {
  /** By the time of the store, ms. */
  readonly dueAt: (now: number) => number;
  /** How late it may start; null means that it is never too late. */
  readonly graceMs: number | null;
  readonly dedupe?: DedupeWindow | undefined;
}

/** What a scheduler fills in. */
export interface Defaults {
  readonly policy: CheckedPolicy;
  readonly timezone: string | undefined;
  /** Of the call. */
  readonly trace?: TraceContext | undefined;
}

const withOptions = valuesOf('execution', 'policy', 'job');
const withExecution = valuesOf('execution');

/** The definition of a new job, as of an instant of the store's clock, ms. */
export function fillSpec(spec: CheckedSpec, { policy, timezone, trace }: Defaults, now: number): JobDefinition {
  const trigger = spec.trigger ?? date(new Date(now));
  // Into the copy that is there: another one costs more than all of these.
  return Object.assign(withOptions(DEFAULTS, spec, policy), {
    task: spec.task,
    args: spec.args ?? [],
    kwargs: spec.kwargs,
    tags: spec.tags ?? [],
    ...anchored(trigger, timezone, spec.nextRunTime?.getTime() ?? now),
    replaceExisting: spec.replaceExisting ?? false,
    trace,
  });
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
    ...withOptions(definition, changes),
    ...call,
    ...(changes.trigger ? anchored(changes.trigger, timezone, changes.nextRunTime?.getTime() ?? now) : {}),
  };
}

/** A run without a job, as it was asked for. */
export function fillEnqueued(
  { task, args }: { readonly task: string; readonly args: readonly JsonValue[] },
  options: CheckedEnqueueOptions,
  { policy, trace }: Defaults,
): RunFields {
  const { history = policy.history ?? null } = options;
  return {
    ...withExecution(DEFAULTS, options, policy),
    task,
    args,
    history: history && history !== 'none' ? { ageMs: history.ageMs } : history,
    trace,
  };
}

/** When a run without a job was asked for, and what may keep it from running. */
export function askedFor(
  task: string,
  { delay = 0, at, misfireGraceTime = null, dedupe }: CheckedEnqueueOptions,
): AskedFor {
  // No task's name has a space: equal keys of different tasks differ.
  const window = dedupe && { key: `${task} ${dedupe.key}`, forMs: dedupe.for };
  return { dueAt: (now) => at ?? now + delay, graceMs: misfireGraceTime, dedupe: window };
}

/** An interval without a start counts from when it was added, or from the first run time that it was given. */
function anchored(trigger: Trigger, timezone: string | undefined, anchor: number) {
  return { trigger, timezone: triggerZone(trigger, timezone), anchor };
}
