import { type IntervalTrigger, interval, type JobSpec, type UntypedTasks } from '@carillon/core';

/** A job whose fire times are all known without asking Carillon. */
export interface ChaosJob {
  readonly id: string;
  /** Its first fire time, ms; the others are multiples of `everyMs` later. */
  readonly first: number;
  readonly everyMs: number;
  readonly maxInstances: number;
  /** Whether its task fails. */
  readonly fails: boolean;
  /** How much later than its fire time it may be due, ms. */
  readonly jitterMs: number;
  /** Whether it runs as soon as it is due if nothing holds it up. */
  readonly isPrompt: boolean;
  readonly spec: JobSpec<UntypedTasks>;
}

/** The differences from a job with defaults: coalesced, one instance, no limit to how late it runs. */
interface Kind {
  readonly workMs: number;
  readonly task?: 'chaos.work' | 'chaos.fail' | 'chaos.flaky';
  readonly policy?: Partial<JobSpec<UntypedTasks>>;
  readonly jitterMs?: number;
}

/** Kinds 0 to 8 are one job in ten each. Of the other five in fifty, three outlast an interval and meet their own runs; one times out. */
function kindOf(index: number, everyMs: number): Kind {
  const longMs = Math.round(everyMs * 1.5);
  switch (index % 50) {
    case 19:
      return { workMs: longMs };
    case 29:
      return { workMs: longMs, policy: { overlap: 'queue' } };
    case 39:
      return { workMs: longMs, policy: { overlap: 'replace' } };
    case 49:
      return { workMs: 300, policy: { timeout: 100 } };
  }
  switch (index % 10) {
    case 0:
      return { workMs: 250 };
    case 1:
      return { workMs: 1 };
    case 2:
      return { workMs: 100, policy: { coalesce: false, maxInstances: 5 } };
    case 3:
      return { workMs: 50, policy: { coalesce: false, maxInstances: 1 } };
    case 4:
      return { workMs: 20, policy: { misfireGraceTime: '1s' } };
    case 5:
      return { workMs: 20, policy: { misfireGraceTime: '1s', coalesce: false, maxInstances: 3 } };
    case 6:
      return { workMs: 10, task: 'chaos.fail' };
    case 7:
      return { workMs: 30, jitterMs: Math.round(everyMs / 4) };
    case 8:
      return {
        workMs: 10,
        task: 'chaos.flaky',
        policy: { retry: { attempts: 3, backoff: { type: 'fixed', delay: 50 } } },
      };
    default:
      return { workMs: 60 };
  }
}

/** Returns jobs of one interval, spread evenly over it. The first is due at `startAt`. */
export function workload(count: number, everyMs: number, startAt: number): ChaosJob[] {
  return Array.from({ length: count }, (_, index) => {
    const { workMs, task = 'chaos.work', policy = {}, jitterMs = 0 } = kindOf(index, everyMs);
    const first = startAt + Math.floor((index * everyMs) / count);
    const id = `job-${String(index).padStart(4, '0')}`;
    const trigger: IntervalTrigger = interval({
      milliseconds: everyMs,
      startAt: new Date(first),
      ...(jitterMs > 0 ? { jitter: jitterMs } : {}),
    });
    const spec = { id, task, args: [workMs], trigger, ...policy };
    const { maxInstances = 1 } = policy;
    const isPrompt = jitterMs === 0 && workMs < everyMs;
    return { id, first, everyMs, maxInstances, fails: task !== 'chaos.work', jitterMs, isPrompt, spec };
  });
}
