import type { Contents } from '@carillon/core/memory';
import type { Fault } from './effect.js';
import type { Jobs } from './jobs.js';
import type { Runs } from './runs.js';

/** Holds what the store keeps against what it ought to keep: counters, ledger, leases, outbox, next fires. */
export function checkContents(contents: Contents, jobs: Jobs, runs: Runs, fault: Fault): void {
  const counts = new Map<string, number>();
  let started = 0;
  let waiting = 0;
  for (const run of runs.live.values()) {
    if (run.jobId !== null) counts.set(run.jobId, (counts.get(run.jobId) ?? 0) + 1);
    const kept = contents.runs.get(run.id);
    if (!kept) fault(`run ${run.id} is owed, and not in the ledger`);
    else if (kept.token !== run.token) fault(`run ${run.id} is held under ${kept.token}, and ought to be ${run.token}`);
    const lease = contents.leases.get(run.id) ?? null;
    if (lease !== run.leaseUntil)
      fault(`run ${run.id} has a lease until ${lease}, and ought to have ${run.leaseUntil}`);
    if (contents.outbox.has(run.id) !== run.inOutbox)
      fault(`run ${run.id} is ${run.inOutbox ? 'not ' : ''}in the outbox`);
    started += lease === null ? 0 : 1;
    waiting += run.inOutbox ? 1 : 0;
  }
  const sizes = [contents.runs.size, contents.leases.size, contents.outbox.size, contents.instances.size];
  const ought = [runs.live.size, started, waiting, counts.size];
  if (sizes.join() !== ought.join())
    fault(`runs, leases, outbox, counters: there are ${sizes}, and ought to be ${ought}`);
  for (const [jobId, count] of counts) {
    if (contents.instances.get(jobId) !== count)
      fault(`job ${jobId} counts ${contents.instances.get(jobId)} of ${count} runs`);
  }
  if (contents.paused !== jobs.isPaused) fault(`the store is ${contents.paused ? '' : 'not '}paused`);
  let scheduled = 0;
  for (const { id, pending } of jobs.all.values()) {
    const dueAt = contents.schedule.get(id);
    if (dueAt !== pending?.dueAt) fault(`job ${id} is due at ${dueAt}, and ought to be at ${pending?.dueAt}`);
    scheduled += pending ? 1 : 0;
  }
  if (contents.schedule.size !== scheduled)
    fault(`${contents.schedule.size} jobs are due, and ought to be ${scheduled}`);
}
