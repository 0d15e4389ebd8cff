import type { Identity } from './identity.js';
import type { CheckedOptions } from './options.js';
import { SCHEDULE_TAG, type Schedule } from './schedule.js';
import { triggerOf } from './trigger.js';

/** More executions than ever run at once. */
const NO_LIMIT = 1_000_000;

/** The job of a schedule. @throws InvalidTriggerError */
export function jobOf(pattern: string, options: CheckedOptions, { key, name }: Identity): Schedule['spec'] {
  const { timezone, maxRandomDelay: jitterMs, noOverlap, maxExecutions, missedExecutionTolerance } = options;
  return {
    trigger: triggerOf(pattern, { timezone, jitterMs }),
    name: name ?? key,
    tags: [SCHEDULE_TAG],
    maxInstances: noOverlap ? 1 : NO_LIMIT,
    misfireGraceTime: missedExecutionTolerance,
    maxRuns: maxExecutions || null,
    replaceExisting: true,
  };
}
