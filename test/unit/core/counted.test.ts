import type { InspectedRun, JobStoreInspection } from '@carillon/core';
import { counted } from '@carillon/core/internal';
import { describe, expect, it } from 'vitest';
import { backlogFindings } from '../../../packages/core/src/doctor/backlog/index.js';
import type { Finding } from '../../../packages/core/src/doctor/finding.js';
import { formatFindings } from '../../../packages/core/src/doctor/format-findings.js';
import { storeFindings } from '../../../packages/core/src/doctor/store-findings.js';
import { workerFindings } from '../../../packages/core/src/doctor/worker-findings.js';

it.each([
  [0, '0 jobs'],
  [1, '1 job'],
  [2, '2 jobs'],
])('%i is written "%s"', (count, text) => {
  expect(counted(count, 'job')).toBe(text);
});

const NOW = Date.parse('2026-01-01T12:00:00Z');
const ago = (seconds: number) => new Date(NOW - 1_000 * seconds);

type Member = JobStoreInspection['workers'][number];

/** A worker that serves one executor, with one task and `slots`. */
const worker = (workerId: string, more: Partial<Member> & { readonly slots?: number } = {}): Member => ({
  workerId,
  lastSeen: ago(0),
  leaseMs: 5_000,
  executors: [{ alias: 'default', kind: 'async', concurrency: more.slots ?? 1 }],
  tasks: ['a'],
  contracts: {},
  unserved: [],
  ...more,
});

const run = (runId: string, more: Partial<InspectedRun> = {}): InspectedRun => ({
  ...{ runId, jobId: `job of ${runId}`, task: 'a', executor: 'default', state: 'queued', due: ago(60), attempt: 0 },
  maxInstances: null,
  ...more,
});
const running = (runId: string, more: Partial<InspectedRun> = {}) =>
  run(runId, { state: 'running', attempt: 1, ...more });

/** Returns all findings of the doctor where there are `many` of everything. */
function found(many: number): readonly Finding[] {
  const each = <T>(make: (name: string) => T): T[] => Array.from({ length: many }, (_, place) => make(`x${place}`));
  const counts = { jobs: many, schedule: many, runs: many, leases: many };
  const inspection: JobStoreInspection = {
    ...{ jobStore: 'default', format: 1, now: new Date(NOW), leader: { epoch: 1, until: ago(-1) }, paused: false },
    readers: [
      ...each((id) => ({ id, role: 'worker' as const, reads: 0 })),
      ...each((id) => ({ id, role: 'coordinator' as const, reads: 1 })),
      { id: 'newer', role: 'worker', reads: 2 },
    ],
    counts: { ...counts, outbox: many, quarantine: many },
    ...{ nextDue: null, nextDelivery: ago(60), quarantined: each((id) => ({ id, why: 'it is cut' })) },
    workers: [
      worker('w', { slots: many }),
      ...each((id) => worker(id, { tasks: [], unserved: [], slots: 0 })),
      ...each((id) => worker(`silent ${id}`, { lastSeen: ago(60) })),
      ...each((id) =>
        worker(`dead ${id}`, {
          unserved: [{ executor: 'default', reason: 'not_taking', why: 'it is refused', since: ago(9) }],
        }),
      ),
    ],
    runs: [
      ...each((id) => running(`r ${id}`, { jobId: 'held', maxInstances: many })),
      ...each((id) => run(`q ${id}`)),
      ...each((id) => run(`s ${id}`, { executor: 'nobody' })),
    ],
    queues: [
      {
        ...{ executor: 'default', globalConcurrency: many, taken: many },
        ...{ rateLimit: { max: many, durationMs: 60_000 }, limitedForMs: 9_000 },
      },
    ],
  } as unknown as JobStoreInspection;
  const facts = {
    ...{ inspection, known: true, looked: many, unreadable: many, newer: many, firstDue: null, refused: [] },
    usual: new Map([['held', { ms: 1, inWords: 'the last one took 100 ms' }]]),
    needs: [
      { executor: 'default', task: 'a', by: each((id) => id) },
      { executor: 'nobody', task: 'a', by: each((id) => id) },
    ],
  };
  return [
    ...[...storeFindings(facts), ...workerFindings(facts), ...formatFindings(inspection), ...backlogFindings([facts])],
  ];
}

const inWords = (findings: readonly Finding[]) => findings.map(({ finding }) => finding).join('\n');

describe('what the doctor finds', () => {
  it('of one thing each has the words for one', () => {
    const findings = found(1);
    const text = findings.map(({ finding, whatToDo }) => `${finding} ${whatToDo}`).join('\n');
    expect(text).not.toMatch(/\b1 (?!is\b|has\b|was\b)[a-z]+s\b|\b1 are\b/);
    expect(text).not.toMatch(/\b(?:workers|coordinators|jobs) "[^"]*"(?! and|,)/);
    expect(inWords(findings)).toMatchInlineSnapshot(`
      "1 run is in the outbox, for 1 min
      1 record that cannot be read, or job that cannot be planned, is in quarantine: "x0" ("x0": it is cut)
      1 job cannot be read: it goes to quarantine when it is due
      a newer release wrote 1 job, which this release cannot read: it fires once a coordinator that reads it leads
      no sign of life from worker "silent x0"
      executor "nobody" has no worker; used by "x0"
      worker "dead x0" takes no runs of executor "default", for 9 s: it is refused
      1 of the 2 workers that serve executor "default" lacks task "a", used by "x0": "x0"
      it is written in format 1, which worker "x0" does not read: it is not served
      it is written in format 1, and some of its members read 2: coordinator "x0" does not
      1 run is queued for executor "default", and was due 1 min ago: run q x0 of job "job of q x0"
      the only slot of executor "default" is taken, and 1 run is queued; run r x0 of job "held" holds it, 1 min after it was due
      executor "default" may run 1 at once in the whole cluster, 1 is taken, and 1 run is queued
      executor "default" may begin 1 run in 1m in the whole cluster, and may begin the next one in 9 s, and 1 run is queued
      job "held" may have 1 live run, and has it: run r x0 was due 1 min ago and still runs; the last one took 100 ms"
    `);
  });

  it('of two things each has the words for several', () => {
    expect(inWords(found(2))).toMatchInlineSnapshot(`
      "2 runs are in the outbox, the first for 1 min
      2 records that cannot be read, or jobs that cannot be planned, are in quarantine: "x0", "x1" ("x0": it is cut)
      2 jobs cannot be read: they go to quarantine when they are due
      a newer release wrote 2 jobs, which this release cannot read: they fire once a coordinator that reads them leads
      no sign of life from workers "silent x0", "silent x1"
      executor "nobody" has no worker; used by "x0", "x1"
      workers "dead x0", "dead x1" take no runs of executor "default", for 9 s: it is refused
      2 of the 3 workers that serve executor "default" lack task "a", used by "x0", "x1": "x0", "x1"
      it is written in format 1, which workers "x0", "x1" do not read: they are not served
      it is written in format 1, and some of its members read 2: coordinators "x0", "x1" do not
      2 runs are queued for executor "default", the oldest was due 1 min ago: run q x0 of job "job of q x0"
      all 2 slots of executor "default" are taken, and 2 runs are queued; run r x0 of job "held" holds one, 1 min after it was due
      executor "default" may run 2 at once in the whole cluster, 2 are taken, and 2 runs are queued
      executor "default" may begin 2 runs in 1m in the whole cluster, and may begin the next one in 9 s, and 2 runs are queued
      job "held" may have 2 live runs, and has them: run r x0 was due 1 min ago and still runs; the last one took 100 ms"
    `);
  });
});
