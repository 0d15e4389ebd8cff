import type { InspectedQueue, InspectedRun, JobStoreInspection } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import { backlogFindings } from '../../../packages/core/src/doctor/backlog/index.js';
import type { StoreFacts } from '../../../packages/core/src/doctor/facts.js';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const ago = (seconds: number) => new Date(NOW - 1_000 * seconds);

const worker = (concurrency: number, alias = 'default', silentFor = 0): JobStoreInspection['workers'][number] => ({
  workerId: `w-${alias}`,
  lastSeen: ago(silentFor),
  leaseMs: 5_000,
  executors: [{ alias, kind: 'async', concurrency }],
  tasks: ['a'],
  contracts: {},
  unserved: [],
});

const run = (runId: string, dueFor: number, more: Partial<InspectedRun> = {}): InspectedRun => ({
  runId,
  jobId: null,
  task: 'a',
  executor: 'default',
  state: 'queued',
  due: ago(dueFor),
  attempt: 0,
  maxInstances: null,
  ...more,
});
const running = (runId: string, dueFor: number, more: Partial<InspectedRun> = {}) =>
  run(runId, dueFor, { state: 'running', attempt: 1, ...more });

const limits = (more: Partial<InspectedQueue>): InspectedQueue => ({
  executor: 'default',
  globalConcurrency: null,
  taken: 1,
  rateLimit: null,
  limitedForMs: 0,
  ...more,
});

/** Returns the findings for a job store with one served slot, where only the given facts can be wrong. */
function found(given: Partial<JobStoreInspection>, usual: StoreFacts['usual'] = new Map()) {
  const inspection: JobStoreInspection = {
    jobStore: 'default',
    format: 1,
    readers: [],
    now: new Date(NOW),
    leader: { epoch: 1, until: ago(-1) },
    paused: false,
    counts: { jobs: 1, schedule: 1, outbox: 0, runs: given.runs?.length ?? 0, leases: 0, quarantine: 0 },
    nextDue: null,
    nextDelivery: null,
    workers: [worker(1)],
    runs: [],
    queues: [],
    quarantined: [],
    ...given,
  };
  return backlogFindings([
    { inspection, known: true, looked: 1, unreadable: 0, newer: 0, firstDue: null, usual, needs: [], refused: [] },
  ]);
}

const codes = (...of: Parameters<typeof found>) => found(...of).map(({ code, level }) => `${level} ${code}`);

describe('a backlog', () => {
  it('of one slot that is taken: who holds it, what waits, for how long, and what to do', () => {
    const [waiting, full, ...others] = found({ runs: [running('r1', 600), run('r2', 12, { jobId: 'each second' })] });
    expect(others).toEqual([]);
    expect(waiting).toEqual({
      level: 'error',
      code: 'runs_waiting',
      jobStore: 'default',
      finding: '1 run is queued for executor "default", and was due 12 s ago: run r2 of job "each second"',
      whatToDo: expect.stringContaining('slots_full'),
    });
    expect(full).toMatchObject({ level: 'warning', code: 'slots_full' });
    expect(full?.finding).toMatch(
      /the only slot of executor "default" is taken, and 1 run is queued; run r1 of task "a" holds it, 10 min after/,
    );
    expect(full?.whatToDo).toMatch(/--executor default.*carillon runs show r1/);
  });

  it.each<[string, Partial<JobStoreInspection>, readonly string[]]>([
    ['nothing to do', {}, []],
    ['a slot that is taken, and nothing waits', { runs: [running('r', 600)] }, []],
    ['what was queued a moment ago', { runs: [run('q', 1)] }, []],
    ['a free slot that no run uses', { runs: [run('q', 6)] }, ['error runs_waiting']],
    ['full for a moment', { runs: [running('r', 1), run('q', 1)] }, ['warning slots_full']],
    ['no worker that serves it', { runs: [run('q', 60)], workers: [worker(1, 'mail')] }, []],
    ['workers that are silent', { runs: [run('q', 60)], workers: [worker(1, 'default', 60)] }, []],
    ['one that is to be tried again', { runs: [run('q', 60, { state: 'retrying', attempt: 1 })] }, []],
    ['one that was given back', { runs: [run('q', 60, { attempt: 1 })] }, []],
    ['one that waits for its job', { runs: [run('q', 60, { state: 'waiting' })] }, []],
    ['one in the outbox, which is another finding', { runs: [run('q', 60, { state: 'undelivered' })] }, []],
    ['a record that cannot be read', { runs: [run('q', 60, { state: null, executor: null, due: null })] }, []],
    [
      'a limit of runs at once',
      { runs: [running('r', 9), run('q', 9)], workers: [worker(9)], queues: [limits({ globalConcurrency: 1 })] },
      ['warning runs_waiting', 'warning concurrency_limit_reached'],
    ],
    [
      'a limit of runs at once that is not reached',
      { runs: [running('r', 9), run('q', 9)], workers: [worker(9)], queues: [limits({ globalConcurrency: 2 })] },
      ['error runs_waiting'],
    ],
    [
      'a rate limit',
      {
        runs: [run('q', 9)],
        queues: [limits({ rateLimit: { max: 5, durationMs: 60_000 }, limitedForMs: 30_500 })],
      },
      ['warning runs_waiting', 'warning rate_limit_reached'],
    ],
    [
      'a rate limit that lets one pass',
      { runs: [run('q', 1)], queues: [limits({ rateLimit: { max: 5, durationMs: 60_000 } })] },
      [],
    ],
  ])('%s', (_, given, expected) => {
    expect(codes(given)).toEqual(expected);
  });

  it('says that there is more where not all runs were looked at', () => {
    const counts = { jobs: 1, schedule: 1, outbox: 0, runs: 9_000, leases: 0, quarantine: 0 };
    expect(found({ runs: [run('q', 9)], counts })[0]?.finding).toMatch(/^at least 1 run is queued/);
  });

  it('knows slots that another job store takes', () => {
    const [one] = [found({ runs: [run('q', 1)] })];
    expect(one).toEqual([]);
    const facts = (jobStore: string, runs: readonly InspectedRun[]) => ({
      inspection: { jobStore, now: new Date(NOW), workers: [worker(1)], counts: { runs: 1 }, runs, queues: [] },
      usual: new Map(),
    });
    const both = [facts('one', [run('q', 1)]), facts('two', [running('r', 60)])] as unknown as StoreFacts[];
    expect(backlogFindings(both)).toMatchObject([{ code: 'slots_full', jobStore: 'one' }]);
  });
});

describe('instances that are held', () => {
  const usual = new Map([['job', { ms: 600, inWords: 'the last one took 0.6 s' }]]);
  const of = { jobId: 'job', maxInstances: 1 };

  it('by a run that takes far longer than usual', () => {
    const [finding] = found({ workers: [worker(5)], runs: [running('r', 7, of)] }, usual);
    expect(finding).toMatchObject({ level: 'warning', code: 'instances_held' });
    expect(finding?.finding).toMatch(
      /"job" may have 1 live run, and has it.*run r was due 7 s ago.*the last one took 0\.6 s/,
    );
    expect(finding?.whatToDo).toMatch(/carillon runs cancel r/);
  });

  it.each<[string, readonly InspectedRun[]]>([
    ['it takes as long as usual', [running('r', 5.9, of)]],
    ['another one may run', [running('r', 60, { ...of, maxInstances: 2 })]],
    ['nothing is known of what is usual', [running('r', 60, { ...of, jobId: 'other' })]],
    ['it waits', [run('r', 60, { ...of, state: 'waiting' })]],
    ['it is of no job', [running('r', 60)]],
  ])('not where %s', (_, runs) => {
    expect(found({ workers: [worker(5)], runs }, usual)).toEqual([]);
  });

  it('by all of several', () => {
    const two = { ...of, maxInstances: 2 };
    const runs = [running('r1', 1, two), running('r2', 60, two)];
    expect(found({ workers: [worker(5)], runs }, usual)[0]?.finding).toContain('run r2');
  });
});
