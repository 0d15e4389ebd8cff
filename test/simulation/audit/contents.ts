import type { Contents } from '@carillon/core/memory';
import type { Fault } from './effect.js';
import type { Jobs } from './jobs.js';
import type { Runs } from './runs.js';

/** Holds what the store keeps against what it ought to keep: counters, ledger, leases, outbox, next fires. */
export function checkContents(contents: Contents, jobs: Jobs, runs: Runs, fault: Fault): void {
  const counts = new Map<string, number>();
  let started = 0;
  let toDeliver = 0;
  let waiting = 0;
  let live = 0;
  for (const run of runs.owed.values()) {
    if (run.jobId !== null && !run.waits) counts.set(run.jobId, (counts.get(run.jobId) ?? 0) + 1);
    if (run.jobId !== null && run.waits) {
      waiting += 1;
      if (contents.waiting.get(run.jobId) !== run.id)
        fault(`run ${run.id} waits, and job ${run.jobId} does not know it`);
    }
    if (run.jobId !== null && !run.waits && run.policy.overlap !== 'skip') {
      live += 1;
      const admittedAt = contents.live.get(run.jobId)?.get(run.id);
      if (admittedAt !== run.admittedAt)
        fault(`run ${run.id} is live since ${admittedAt}, which ought to be ${run.admittedAt}`);
    }
    const kept = contents.runs.get(run.id);
    if (!kept) fault(`run ${run.id} is owed, and not in the ledger`);
    else if (kept.token !== run.token) fault(`run ${run.id} is held under ${kept.token}, and ought to be ${run.token}`);
    const lease = contents.leases.get(run.id) ?? null;
    if (lease !== run.leaseUntil)
      fault(`run ${run.id} has a lease until ${lease}, and ought to have ${run.leaseUntil}`);
    if (kept && kept.cancelled !== run.cancelled)
      fault(`run ${run.id} is ${run.cancelled ? 'not ' : ''}marked as one to be cancelled`);
    const outboxAt = contents.outbox.get(run.id) ?? null;
    if (outboxAt !== run.outboxAt)
      fault(`run ${run.id} is to be delivered at ${outboxAt}, which ought to be ${run.outboxAt}`);
    started += lease === null ? 0 : 1;
    toDeliver += run.outboxAt === null ? 0 : 1;
  }
  const alive = [...contents.live.values()].reduce((sum, ofJob) => sum + ofJob.size, 0);
  const { runs: kept, leases, outbox, instances } = contents;
  const sizes = [kept.size, leases.size, outbox.size, instances.size, contents.waiting.size, alive];
  const ought = [runs.owed.size, started, toDeliver, counts.size, waiting, live];
  if (sizes.join() !== ought.join())
    fault(`runs, leases, outbox, counters, waiting, live: there are ${sizes}, and ought to be ${ought}`);
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
