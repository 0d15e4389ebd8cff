import type { JsonValue } from '../json.js';
import type { DedupeWindow } from '../ports/job-records.js';
import type { TraceContext } from '../telemetry/trace.js';
import type { Trigger } from '../trigger/index.js';
import { date, triggerZone } from '../trigger/index.js';
import type { CheckedChanges, CheckedEnqueueOptions, CheckedPolicy, CheckedSpec } from './checks.js';
import type { JobDefinition } from './definition.js';
import type { Call } from './run-now.js';

/** When a run is to be executed. */
export interface AskedFor {
  /** By the time of the store, ms. */
  readonly dueAt: (now: number) => number;
  /** How late it may start; null: it is never too late. */
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

/** The definition of a new job, as of an instant of the store's clock, ms. */
export function fillSpec(spec: CheckedSpec, { policy, timezone, trace }: Defaults, now: number): JobDefinition {
  const { misfireGraceTime = policy.misfireGraceTime, timeout = policy.timeout } = spec;
  const { retry = policy.retry, history = policy.history, account = policy.account } = spec;
  const trigger = spec.trigger ?? date(new Date(now));
  return {
    task: spec.task,
    args: spec.args ?? [],
    kwargs: spec.kwargs,
    name: spec.name,
    tags: spec.tags ?? [],
    description: spec.description ?? undefined,
    ...anchored(trigger, timezone, spec.nextRunTime?.getTime() ?? now),
    executor: spec.executor ?? policy.executor ?? 'default',
    maxInstances: spec.maxInstances ?? policy.maxInstances ?? 1,
    misfireGraceMs: misfireGraceTime ?? null,
    coalesce: spec.coalesce ?? policy.coalesce ?? true,
    overlap: spec.overlap ?? policy.overlap ?? 'skip',
    priority: spec.priority ?? policy.priority ?? 0,
    timeoutMs: timeout ?? null,
    retry: retry ?? null,
    history: history ?? null,
    account: account ?? null,
    maxRuns: spec.maxRuns ?? null,
    lastFireTime: null,
    runsLeft: null,
    replaceExisting: spec.replaceExisting ?? false,
    metrics: spec.metrics ?? false,
    ...(trace && { trace }),
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
    tags: changes.tags ?? definition.tags,
    description: givenOr(changes.description, definition.description) ?? undefined,
    executor: changes.executor ?? definition.executor,
    maxInstances: changes.maxInstances ?? definition.maxInstances,
    misfireGraceMs: givenOr(changes.misfireGraceTime, definition.misfireGraceMs),
    coalesce: changes.coalesce ?? definition.coalesce,
    overlap: changes.overlap ?? definition.overlap,
    priority: changes.priority ?? definition.priority,
    timeoutMs: givenOr(changes.timeout, definition.timeoutMs),
    retry: givenOr(changes.retry, definition.retry),
    history: givenOr(changes.history, definition.history),
    account: givenOr(changes.account, definition.account),
    maxRuns: givenOr(changes.maxRuns, definition.maxRuns),
    metrics: changes.metrics ?? definition.metrics,
  };
}

/** A run without a job, as it was asked for. */
export function fillEnqueued(
  { task, args }: { readonly task: string; readonly args: readonly JsonValue[] },
  options: CheckedEnqueueOptions,
  { policy, trace }: Defaults,
): Omit<Call, 'jobId' | 'maxInstances' | 'overlap'> {
  const { timeout = policy.timeout, retry = policy.retry, history = policy.history ?? null } = options;
  return {
    task,
    args,
    kwargs: undefined,
    executor: options.executor ?? policy.executor ?? 'default',
    priority: options.priority ?? policy.priority ?? 0,
    timeoutMs: timeout ?? null,
    retry: retry ?? null,
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

/** What was given, null included; else what there is. */
function givenOr<T>(given: T | undefined, otherwise: T): T {
  return given === undefined ? otherwise : given;
}

/** An interval without a start counts from when it was added, or from the first run time that it was given. */
function anchored(trigger: Trigger, timezone: string | undefined, anchor: number) {
  return { trigger, timezone: triggerZone(trigger, timezone), anchor };
}
