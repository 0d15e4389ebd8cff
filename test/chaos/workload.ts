import { type IntervalTrigger, interval, type JobSpec, type UntypedTasks } from '@carillon/core';

/** A job whose every fire time is known without asking Carillon. */
export interface ChaosJob {
  readonly id: string;
  /** Its first fire time, ms; the others are multiples of `everyMs` later. */
  readonly first: number;
  readonly everyMs: number;
  readonly maxInstances: number;
  /** Whether its task fails each time. */
  readonly fails: boolean;
  /** How much later than its fire time it may be due, ms. */
  readonly jitterMs: number;
  readonly spec: JobSpec<UntypedTasks>;
}

/** Where it differs from a job that is left as it comes: coalesced, one instance, no limit to how late it runs. */
interface Kind {
  readonly workMs: number;
  readonly task?: 'chaos.work' | 'chaos.fail';
  readonly policy?: Partial<JobSpec<UntypedTasks>>;
  readonly jitterMs?: number;
}

/** One in ten is of each; what is long outlasts a fire, so that `maxInstances` is met. */
function kindOf(index: number, everyMs: number): Kind {
  if (index % 50 === 19) return { workMs: Math.round(everyMs * 1.5) };
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
    default:
      return { workMs: 60 };
  }
}

/** Jobs of one interval, spread evenly over it, the first of them due at `startAt`. */
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
    return { id, first, everyMs, maxInstances: policy.maxInstances ?? 1, fails: task === 'chaos.fail', jitterMs, spec };
  });
}
