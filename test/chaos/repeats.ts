import type { Call } from './calls.js';

/** What happened to a process, or (`pid` null) to Redis and so to all of them, ms. `stalled` is not a fault: the machine was too busy. */
export interface Affliction {
  readonly pid: number | null;
  readonly what: 'killed' | 'stopped' | 'cut off' | 'without Redis' | 'stalled';
  readonly from: number;
  /** Infinite if the process never recovers. */
  readonly to: number;
}

/** How often executions were repeated, by the affliction that explains it. */
export interface Repeats {
  readonly byCause: ReadonlyMap<Affliction['what'], number>;
  /** Executions that were repeated for no known reason. */
  readonly unexplained: readonly string[];
}

/** The gravest comes first: it is counted if several fit. */
const CAUSES = ['killed', 'stopped', 'cut off', 'without Redis', 'stalled'] as const;

/** @param retries by execution: when events reported that it will be retried. A retry is not a repetition. */
export function repeatsIn(
  calls: readonly Call[],
  afflictions: readonly Affliction[],
  retries: ReadonlyMap<string, readonly number[]>,
): Repeats {
  const byCause = new Map<Affliction['what'], number>();
  const unexplained: string[] = [];
  const runBegan = new Map<string, number>();
  for (const { runId, beganAt } of calls) runBegan.set(runId, Math.min(runBegan.get(runId) ?? beganAt, beganAt));
  for (const [executionId, ofExecution] of callsByExecution(calls)) {
    for (const [index, call] of ofExecution.slice(1).entries()) {
      const before = ofExecution[index];
      const isRetry = retries.get(executionId)?.some((at) => before && at >= before.beganAt && at <= call.beganAt);
      if (isRetry) continue;
      // In a run with several fire times, a worker that was cut off may go on with one that another worker has executed meanwhile.
      const pids = [null, before?.pid, call.pid];
      const since = runBegan.get(call.runId) ?? 0;
      const fit = afflictions.filter(({ pid, from, to }) => pids.includes(pid) && from <= call.beganAt && to >= since);
      const cause = CAUSES.find((what) => fit.some((affliction) => affliction.what === what));
      if (cause) byCause.set(cause, (byCause.get(cause) ?? 0) + 1);
      else unexplained.push(`${call.jobId}: ${executionId} ran in ${before?.pid} and again in ${call.pid}`);
    }
  }
  return { byCause, unexplained };
}

/** Returns the calls by execution, in the order in which they began. */
function callsByExecution(calls: readonly Call[]): ReadonlyMap<string, readonly Call[]> {
  const byExecution = new Map<string, Call[]>();
  for (const call of calls) {
    const known = byExecution.get(call.executionId);
    if (known) known.push(call);
    else byExecution.set(call.executionId, [call]);
  }
  for (const known of byExecution.values()) known.sort((a, b) => a.beganAt - b.beganAt);
  return byExecution;
}
