import type { Trigger } from '@carillon/core';
import type { JobDefinition } from '../../packages/core/src/job/definition.js';

/** A job's definition with defaults for everything except the task. `anchor`: ms. */
export function definitionOf(trigger: Trigger, anchor: number, more: Partial<JobDefinition> = {}): JobDefinition {
  return {
    task: 'ping',
    args: [],
    kwargs: undefined,
    name: undefined,
    tags: [],
    description: null,
    trigger,
    timezone: undefined,
    anchor,
    executor: 'default',
    maxInstances: 1,
    misfireGraceMs: null,
    coalesce: true,
    overlap: 'skip',
    priority: 0,
    timeoutMs: null,
    retry: null,
    history: null,
    account: null,
    maxRuns: null,
    lastFireTime: null,
    runsLeft: null,
    replaceExisting: false,
    metrics: false,
    ...more,
  };
}
