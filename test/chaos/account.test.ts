import { describe, expect, it } from 'vitest';
import { accountOf, type Evidence } from './account.js';
import { auditFaults } from './audit.js';
import type { Call } from './calls.js';
import type { Range, Reported } from './reported.js';
import { type ChaosJob, workload } from './workload.js';

const FIRES = 3;

/** Returns the evidence of a chaos without any loss: two jobs, three fire times each, all executed. */
function perfect(): Evidence & { readonly events: Reported[]; readonly calls: Call[] } {
  const jobs = workload(2, 1_000, 10_000);
  const events: Reported[] = [];
  const calls: Call[] = [];
  for (const job of jobs) {
    for (let k = 0; k < FIRES; k++) {
      const time = job.first + k * job.everyMs;
      const runId = `${job.id}-${k}`;
      events.push(submitted(job, runId, [time]), executed(job, runId, time));
      calls.push(called(job, runId, time));
    }
  }
  const kept = new Map(jobs.map((job) => [job.id, { next: job.first + FIRES * job.everyMs, settled: FIRES }]));
  return {
    jobs,
    events,
    calls,
    kept,
    unseen: new Map(),
    enqueued: [],
    afflictions: [],
    redisForgot: false,
  };
}

const about = { seq: 0, at: 0 };
const submitted = (
  { id }: ChaosJob,
  runId: string,
  scheduledRunTimes: number[],
  coalesced: Range | null = null,
): Reported => ({ ...about, type: 'job_submitted', jobId: id, runId, scheduledRunTimes, coalesced }) as Reported;
const executed = ({ id }: ChaosJob, runId: string, time: number): Reported => ({
  ...about,
  type: 'job_executed',
  jobId: id,
  runId,
  executionId: `${runId}.0`,
  scheduledRunTime: time,
});
const called = ({ id }: ChaosJob, runId: string, fireTime: number, pid = 1): Call => ({
  pid,
  runId,
  executionId: `${runId}.0`,
  jobId: id,
  fireTime,
  attempt: 1,
  beganAt: fireTime + 5,
  endedAt: fireTime + 9,
});

const violations = (evidence: Evidence) => accountOf(evidence).violations;
const without = (evidence: Evidence, event: Reported) => ({
  ...evidence,
  events: evidence.events.filter((one) => one !== event),
});

describe('the account of a chaos', () => {
  const [job] = perfect().jobs as [ChaosJob];

  it('finds nothing where nothing is wrong', () => {
    const account = accountOf(perfect());
    expect(account.violations).toEqual([]);
    expect(account).toMatchObject({ expected: 6, counts: { executed: 6 }, lost: [], twice: [], unknown: 0 });
  });

  it('counts every fire time of a range', () => {
    const evidence = perfect();
    const events = evidence.events.slice(2);
    const range = { first: job.first, last: job.first };
    events[0] = { ...about, ...submitted(job, `${job.id}-1`, [job.first + 1_000]), coalesced: range } as Reported;
    const calls = evidence.calls.slice(1);
    const kept = new Map(evidence.kept).set(job.id, { next: 13_000, settled: 2 });
    const account = accountOf({ ...evidence, events, calls, kept });
    expect(account.violations).toEqual([]);
    expect(account.counts).toMatchObject({ executed: 5, coalesced: 1 });
  });

  it('finds a fire time without an outcome', () => {
    const evidence = perfect();
    const [, event] = evidence.events as [Reported, Reported];
    expect(violations(without(evidence, event))).toContain(`lost: ${job.id} at ${job.first}`);
  });

  it('does not call lost what could not be seen', () => {
    const evidence = perfect();
    const [, event] = evidence.events as [Reported, Reported];
    const unseen = new Map([['job_executed', 1]]);
    expect(accountOf({ ...without(evidence, event), unseen })).toMatchObject({ violations: [], unknown: 0 });
    const calls = evidence.calls.slice(1);
    const kept = new Map(evidence.kept).set(job.id, { next: 13_000, settled: 2 });
    expect(accountOf({ ...without(evidence, event), calls, unseen, kept })).toMatchObject({
      violations: [],
      unknown: 1,
    });
  });

  it('finds a job that skipped a fire time, and one that fires no more', () => {
    const evidence = perfect();
    const skipped = new Map(evidence.kept).set(job.id, { next: job.first + 4_000, settled: FIRES });
    expect(violations({ ...evidence, kept: skipped })).toEqual([`lost: ${job.id} at ${job.first + 3_000}`]);
    // The other job goes on firing, while all earlier fire times of this one have an outcome.
    const [, other] = evidence.jobs as [ChaosJob, ChaosJob];
    const later = (times: number) => other.first + times * other.everyMs;
    const events = Array.from({ length: 20 }, (_, n) => submitted(other, `later-${n}`, [later(FIRES + n)]));
    expect(violations({ ...evidence, events: [...evidence.events, ...events] })).toContain(
      `${job.id} fires no more: its next run time was 13000 when others had fired until ${later(FIRES + 19)}`,
    );
    // One run for all fire times of a silence was due at the first of them.
    const once = [submitted(other, 'later', [later(FIRES + 19)], { first: later(FIRES), last: later(FIRES + 18) })];
    expect(violations({ ...evidence, events: [...evidence.events, ...once] }).join()).not.toContain('fires no more');
  });

  it('finds a job that is gone, or that left its rhythm', () => {
    const evidence = perfect();
    const gone = new Map(evidence.kept);
    gone.delete(job.id);
    expect(violations({ ...evidence, kept: gone })).toContain(`lost: ${job.id} itself: it has the next run time null`);
    const moved = new Map(evidence.kept).set(job.id, { next: 13_001, settled: FIRES });
    expect(violations({ ...evidence, kept: moved })).toContain(
      `lost: ${job.id} itself: it has the next run time 13001`,
    );
  });

  it('finds a fire time that was settled twice, but where Redis forgot that it was', () => {
    const evidence = perfect();
    evidence.events.push(executed(job, `${job.id}-0`, job.first));
    expect(violations(evidence)).toContain(`settled twice: ${job.id} at ${job.first}: executed, executed`);
    expect(violations({ ...evidence, redisForgot: true })).toEqual([]);
    expect(accountOf({ ...evidence, redisForgot: true }).twice).toHaveLength(1);
  });

  it('finds two outcomes of different kinds, and a call of what is reported not to have run', () => {
    const evidence = perfect();
    evidence.events.push({
      ...about,
      type: 'job_missed',
      jobId: job.id,
      runId: null,
      first: job.first,
      last: job.first,
    });
    expect(violations(evidence)).toContain(`settled twice: ${job.id} at ${job.first}: executed, missed`);
    const [, event] = evidence.events as [Reported, Reported];
    expect(violations(without(evidence, event))).toContain(`${job.id} at ${job.first} was called, but is missed`);
  });

  it('finds an outcome at what is not a fire time', () => {
    const evidence = perfect();
    evidence.events.push(submitted(job, 'x', [job.first + 1]), executed(job, 'x', job.first + 1));
    expect(violations(evidence)).toContain(`${job.id} at ${job.first + 1}: executed, but no fire time`);
  });

  it('finds what is reported as executed, but never ran', () => {
    const evidence = perfect();
    expect(violations({ ...evidence, calls: evidence.calls.slice(1) })).toEqual([
      `${job.id} at ${job.first} is executed, but no call of it ended`,
    ]);
  });

  it('finds counters that are wrong', () => {
    const evidence = perfect();
    const kept = new Map(evidence.kept).set(job.id, { next: 13_000, settled: FIRES + 1 });
    expect(violations({ ...evidence, kept })).toHaveLength(1);
  });

  it('finds more live runs than there may be', () => {
    const evidence = perfect();
    const [first, second, third, fourth] = evidence.events as [Reported, Reported, Reported, Reported];
    const events = [first, third, second, fourth, ...evidence.events.slice(4)];
    expect(violations({ ...evidence, events })).toEqual([`${job.id}: 2 live runs, of at most 1`]);
  });

  it('asks why an execution was repeated', () => {
    const evidence = perfect();
    evidence.calls.push({ ...called(job, `${job.id}-0`, job.first, 2), beganAt: job.first + 100 });
    expect(violations(evidence)).toHaveLength(1);
    const killed = (pid: number, from: number) =>
      [{ pid, what: 'killed', from, to: Number.POSITIVE_INFINITY }] as const;
    expect(violations({ ...evidence, afflictions: killed(1, job.first + 7) })).toEqual([]);
    expect(violations({ ...evidence, afflictions: killed(3, job.first + 7) })).toHaveLength(1);
    expect(violations({ ...evidence, afflictions: killed(1, job.first + 200) })).toHaveLength(1);
    const stopped = { pid: 1, what: 'stopped', from: job.first - 100, to: job.first - 50 } as const;
    expect(violations({ ...evidence, afflictions: [stopped] })).toHaveLength(1);
  });

  it('finds an enqueued run that was lost, and one that was settled twice', () => {
    const evidence = perfect();
    const run = { ...executed(job, 'run', 11_000), jobId: null } as Reported;
    const calls = [...evidence.calls, { ...called(job, 'run', 11_000), jobId: null }];
    const all = { ...evidence, calls, enqueued: ['run'] };
    expect(violations({ ...all, events: [...evidence.events, run] })).toEqual([]);
    expect(violations(all)).toEqual(['lost: run run, which was enqueued']);
    expect(violations({ ...evidence, events: [...evidence.events, run], enqueued: ['run'] })).toHaveLength(1);
    expect(violations({ ...all, events: [...evidence.events, run, run] })).toEqual([
      'settled twice: run run, which was enqueued',
    ]);
  });
});

describe('the audit of the store', () => {
  const at = new Date('2026-01-01T00:00:00Z');
  const finding = { jobId: 'job', first: at, last: at, count: 1, outcomes: [] } as const;
  const report = {
    ...{ jobStore: 'default', from: null, to: at, speaksFrom: at, jobs: 1, fireTimes: 2, found: 2 },
    findings: [
      { ...finding, kind: 'unaccounted' },
      { ...finding, kind: 'double' },
    ],
    unreadable: [{ jobId: 'other', why: 'it is damaged' }],
  } as const;

  it('is violated by each thing that it finds', () => {
    expect(auditFaults(report, false)).toEqual([
      'audit: 1 unaccounted of job job, 2026-01-01T00:00:00.000Z',
      'audit: 1 double of job job, 2026-01-01T00:00:00.000Z',
      'audit: the account of job other cannot be read: it is damaged',
    ]);
  });

  it('may have outcomes twice where Redis forgot what it had acknowledged', () => {
    expect(auditFaults(report, true)).toHaveLength(2);
  });
});
