import type { Call } from './calls.js';
import { Outcomes } from './outcomes.js';
import type { Reported } from './reported.js';
import type { Round } from './rounds.js';
import type { ChaosJob } from './workload.js';

/**
 * Returns the longest time from a fire time to its first call of a task, ms, by the last fault before it. A coalesced fire time
 * waits for the run into which it was coalesced. Jobs that are late on purpose do not count.
 */
export function longestGaps(
  jobs: readonly ChaosJob[],
  events: readonly Reported[],
  calls: readonly Call[],
  rounds: readonly Round[],
): ReadonlyMap<string, number> {
  const outcomes = new Outcomes(jobs, events);
  const began = new Map<string, number>();
  for (const { runId, jobId, fireTime, beganAt } of calls) {
    for (const name of [`${runId}`, `${jobId} ${fireTime}`]) {
      began.set(name, Math.min(began.get(name) ?? beganAt, beganAt));
    }
  }
  const longest = new Map<string, number>();
  for (const job of jobs) {
    if (!job.isPrompt) continue;
    for (const [time, { outcomes: reported, runId }] of outcomes.of(job.id)) {
      const at = began.get(reported[0] === 'coalesced' ? `${runId}` : `${job.id} ${time}`);
      const kind = rounds.findLast(({ from }) => from <= time)?.kind;
      if (at === undefined || kind === undefined) continue;
      longest.set(kind, Math.max(longest.get(kind) ?? 0, at - time));
    }
  }
  return longest;
}
