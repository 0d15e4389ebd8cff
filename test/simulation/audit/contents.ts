import type { Contents } from '@carillon/core/memory';
import type { Fault } from './effect.js';
import type { Jobs } from './jobs.js';
import type { Run } from './run.js';
import type { Runs } from './runs.js';

/** Compares what the store keeps with what it should keep: counters, ledger, leases, outbox, next fires. */
export function checkContents(contents: Contents, jobs: Jobs, runs: Runs, fault: Fault): void {
  for (const run of runs.owed.values()) checkRun(contents, run, fault);
  checkSizes(contents, runs, fault);
  checkCounts(contents, runs, fault);
  if (contents.paused !== jobs.isPaused) fault(`the store is ${contents.paused ? '' : 'not '}paused`);
  checkSchedule(contents, jobs, fault);
  for (const [id, until] of contents.held)
    if (jobs.heldUntil(id) < until) fault(`job ${id} is held until ${until}, and should not be`);
}

function checkRun(contents: Contents, run: Run, fault: Fault): void {
  if (run.jobId !== null && run.waits && contents.waiting.get(run.jobId) !== run.id)
    fault(`run ${run.id} waits, and job ${run.jobId} does not know it`);
  if (isListed(run)) {
    const admittedAt = contents.live.get(run.jobId ?? '')?.get(run.id);
    if (admittedAt !== run.admittedAt)
      fault(`run ${run.id} is live since ${admittedAt}, which should be ${run.admittedAt}`);
  }
  const kept = contents.runs.get(run.id);
  if (!kept) fault(`run ${run.id} is owed, and not in the ledger`);
  else if (kept.token !== run.token) fault(`run ${run.id} is held under ${kept.token}, and should be ${run.token}`);
  const lease = contents.leases.get(run.id) ?? null;
  if (lease !== run.leaseUntil) fault(`run ${run.id} has a lease until ${lease}, and should have ${run.leaseUntil}`);
  if (kept && kept.cancelled !== run.cancelled)
    fault(`run ${run.id} is ${run.cancelled ? 'not ' : ''}marked as one to be cancelled`);
  const outboxAt = contents.outbox.get(run.id) ?? null;
  if (outboxAt !== run.outboxAt)
    fault(`run ${run.id} is to be delivered at ${outboxAt}, which should be ${run.outboxAt}`);
}

/** The store keeps nothing that belongs to no owed run. */
function checkSizes(contents: Contents, { owed }: Runs, fault: Fault): void {
  const { runs, leases, outbox, waiting, live } = contents;
  const expected = { runs: owed.size, leases: 0, outbox: 0, waiting: 0, live: 0 };
  for (const run of owed.values()) {
    if (run.leaseUntil !== null) expected.leases += 1;
    if (run.outboxAt !== null) expected.outbox += 1;
    if (run.jobId !== null && run.waits) expected.waiting += 1;
    if (isListed(run)) expected.live += 1;
  }
  let alive = 0;
  for (const ofJob of live.values()) alive += ofJob.size;
  const sizes = [runs.size, leases.size, outbox.size, waiting.size, alive];
  const right = Object.values(expected);
  if (sizes.some((size, index) => size !== right[index]))
    fault(`${Object.keys(expected)}: there are ${sizes}, and should be ${right}`);
}

/** Whether the store lists the run among the live runs of its job. */
function isListed({ jobId, waits, policy }: Run): boolean {
  return jobId !== null && !waits && policy.overlap !== 'skip';
}

function checkCounts({ instances }: Contents, { owed }: Runs, fault: Fault): void {
  const counts = new Map<string, number>();
  for (const { jobId, waits } of owed.values()) {
    if (jobId !== null && !waits) counts.set(jobId, (counts.get(jobId) ?? 0) + 1);
  }
  if (instances.size !== counts.size) fault(`${instances.size} jobs count their runs, and ${counts.size} have some`);
  for (const [jobId, count] of counts) {
    if (instances.get(jobId) !== count) fault(`job ${jobId} counts ${instances.get(jobId)} of ${count} runs`);
  }
}

function checkSchedule({ schedule }: Contents, jobs: Jobs, fault: Fault): void {
  let scheduled = 0;
  for (const { id, pending } of jobs.all.values()) {
    const dueAt = schedule.get(id);
    if (dueAt !== pending?.dueAt) fault(`job ${id} is due at ${dueAt}, and should be at ${pending?.dueAt}`);
    scheduled += pending ? 1 : 0;
  }
  if (schedule.size !== scheduled) fault(`${schedule.size} jobs are due, and should be ${scheduled}`);
}
