import { interval } from '@carillon/core';
import {
  decodeJob,
  draft,
  isFault,
  type JobChange,
  type JobPage,
  type JobStore,
  systemClock,
} from '@carillon/core/internal';
import { expect, onTestFinished, test } from 'vitest';
import { JobIndex } from '../../packages/core/src/finding/job-index.js';
import { checkFilter, EACH_JOB, type JobFilter, matches } from '../../packages/core/src/job/filter.js';
import { encodeJob } from '../../packages/core/src/job/record.js';
import type { JobMatch } from '../../packages/core/src/ports/job-match.js';
import { JobSearch } from '../../packages/core/src/scheduler/job-search.js';
import type { JobState } from '../../packages/core/src/scheduler/job-state.js';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { adding, at, changing, elect, newRun, put } from '../support/contract-records.js';
import { cancel, running, settle, settlement, submit } from '../support/contract-runs.js';
import { definitionOf } from '../support/job-definition.js';

const ALL_TAGS = ['billing', 'team:a', 'Zürich', '会計'];
const DESCRIPTIONS = [null, 'Invoices of "ÄRGER & Söhne"', 'back\\slash', 'a task that tidies'];

/** Jobs of every kind: the digits of a number decide how they differ. */
function jobs(count: number): JobChange[] {
  return Array.from({ length: count }, (_, n) => {
    const digit = (of: number, by: number) => Math.floor(n / by) % of;
    const definition = definitionOf(interval('1h'), START, {
      task: ['ping', 'mail.send', 'Ping'][digit(3, 1)] ?? '',
      executor: ['default', 'mail'][digit(2, 3)] ?? '',
      tags: ALL_TAGS.filter((_, place) => (digit(16, 2) >> place) % 2).sort(),
      description: DESCRIPTIONS[digit(4, 5)] ?? null,
      name: n % 7 === 0 ? `Name ${n}` : undefined,
      // This looks like another task and another tag, but is an argument.
      args: n % 11 === 0 ? ['"task":"mail.send"', { task: 'mail.send', executor: 'mail', tags: ['billing'] }] : [],
    });
    const change = adding(n % 13 === 0 ? `İd-${n} "q"` : `JOB-${n}`, n % 4 === 0 ? null : at(START + n * 10));
    return change.record ? { ...change, record: { ...change.record, json: encodeJob(definition) } } : change;
  });
}

const FILTERS: readonly JobFilter[] = [
  ...ALL_TAGS.map((tag) => ({ tags: [tag] })),
  { tags: ALL_TAGS },
  { tags: ['none'] },
  { tags: ['bill'] },
  ...[
    'job-1',
    'İd',
    'id-1',
    'NAME',
    'ärger & SÖHNE',
    '"ÄRGER',
    'k\\S',
    'zÜrich',
    '会',
    'mail.SEND',
    ' tidies ',
    '"q"',
    'nothing',
  ].map((text) => ({ text })),
  ...['ping', 'mail.send', 'Ping', 'pin'].map((task) => ({ task })),
  ...['default', 'mail', 'other'].map((executor) => ({ executor })),
  ...(['scheduled', 'paused', 'running'] as const).map((state) => ({ state })),
  ...(['executed', 'error', 'cancelled', 'none'] as const).map((lastOutcome) => ({ lastOutcome })),
  ...[0, 10, 155, 10_000].map((ms) => ({ dueBefore: new Date(START + ms) })),
  { state: 'paused', dueBefore: new Date(START + 500) },
  { state: 'paused', lastOutcome: 'error' },
  { state: 'running', task: 'ping', executor: 'default' },
  { text: 'job', tags: ['team:a'], state: 'scheduled', dueBefore: new Date(START + 300) },
  { text: 'a', task: 'mail.send', lastOutcome: 'none', state: 'paused' },
];

const OUTCOMES = ['executed', 'error', 'cancelled'] as const;

/** Lets some jobs run to an outcome, and leaves others running. Returns the ids of the latter. */
async function lived(contract: TestedStore, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const epoch = await elect(contract);
  const live = new Set<string>();
  for (const [n, id] of ids.entries()) {
    if (n % 3 === 0) continue;
    const run = newRun(`r${n}`, id);
    const outcome = OUTCOMES[n % 5];
    if (outcome === 'cancelled') {
      await submit(contract, run);
      await cancel(contract, run.runId);
    } else {
      await running(contract, epoch, run);
      if (outcome) await settle(contract, settlement(run.runId, outcome));
      else live.add(id);
    }
  }
  return live;
}

function isMatch(match: JobMatch, stored: JobPage['jobs'][number]): boolean {
  const definition = decodeJob(stored);
  return !isFault(stored) && !isFault(definition) && matches(match, stored, definition);
}

async function found({ store }: TestedStore, match: JobMatch, limit: number, looks: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const page = await store.records.find({ match, limit, looks, cursor });
    expect(page.jobs.length).toBeLessThanOrEqual(limit);
    for (const stored of page.jobs) {
      if (isMatch(match, stored)) ids.push(stored.id);
    }
    cursor = page.cursor;
    expect(++pages).toBeLessThan(1_000);
  } while (cursor !== null);
  return ids;
}

const event = (type: 'job_added' | 'job_modified', jobId: string) =>
  draft('default', type, { jobId, task: 'ping', nextRunTime: null });

/** An index that never finds anything, so each search looks at all jobs. */
const noIndex = (store: JobStore) =>
  new JobIndex({ store, clock: systemClock, report: () => {}, worthwhile: Number.POSITIVE_INFINITY });

async function allOf(search: JobSearch, match: JobMatch, limit: number): Promise<JobState[]> {
  const all: JobState[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<JobSearch['page']>> = await search.page(match, limit, cursor);
    all.push(...page.jobs);
    cursor = page.cursor;
  } while (cursor !== null);
  return all;
}

jobStoreContract('finding jobs', (open) => {
  test('by every filter, whatever the pages: just those that match, in the order of the list', async () => {
    const contract = await open();
    const changes = jobs(70);
    await put(contract, ...changes);
    const live = await lived(
      contract,
      changes.slice(0, 30).map(({ id }) => id),
    );
    const all = (await contract.store.records.list({ limit: 1_000, cursor: null })).jobs;
    expect(live.size).toBeGreaterThan(3);
    for (const filter of FILTERS) {
      const match = checkFilter('find', filter) ?? EACH_JOB;
      const isLive = (id: string) => match.state !== 'running' || live.has(id);
      const right = all.filter((stored) => isMatch(match, stored) && isLive(stored.id));
      const scheduled = right.flatMap(({ id, pending }) => (pending ? id : []));
      for (const [limit, looks] of [
        [1_000, 1_000],
        [3, 11],
        [1_000, 7],
        [2, 1_000],
      ] as const) {
        const ids = await found(contract, match, limit, looks);
        const reported = `${JSON.stringify(filter)} by ${limit}, ${looks}`;
        expect(ids.slice(0, scheduled.length), reported).toEqual(scheduled);
        expect([...ids].sort(), reported).toEqual(right.map(({ id }) => id).sort());
      }
    }
  });

  test('with an index, by every filter, whatever the pages: the same jobs, and those that are scheduled in the same order', async () => {
    const contract = await open();
    const { store } = contract;
    await put(contract, ...jobs(70));
    const report = () => {};
    const index = new JobIndex({ store, clock: contract.backend.clock, report, worthwhile: 0 });
    onTestFinished(() => index.close());
    const [plain, indexed] = [false, true].map(
      (isIndexed) => new JobSearch({ store, index: isIndexed ? index : noIndex(store), notRead: report }),
    ) as [JobSearch, JobSearch];
    expect(await index.prepare()).toMatchObject({ jobs: 70 });
    // From here on, a job is removed, another one gets another task and tag, and a third is added.
    const [removed, changed, added] = [jobs(71)[1], jobs(71)[2], jobs(71)[70]] as [JobChange, JobChange, JobChange];
    const read = await store.records.read([removed.id, changed.id]);
    const [first, second] = read.jobs.map((job) => ({ rev: job?.rev ?? 0, dueAt: 'any' as const }));
    const json = encodeJob(definitionOf(interval('1h'), START, { task: 'retagged', tags: ['billing'] }));
    await put(
      contract,
      changing(removed.id, first ?? { rev: 0, dueAt: 'any' }, null),
      {
        ...changing(changed.id, second ?? { rev: 0, dueAt: 'any' }, { json, pending: at(START + 25) }),
        events: [event('job_modified', changed.id)],
      },
      { ...added, events: [event('job_added', added.id)] },
    );
    for (const filter of [...FILTERS, { task: 'retagged' }, { text: 'job-69' }, { text: added.id }]) {
      const match = checkFilter('find', filter) ?? EACH_JOB;
      const right = await allOf(plain, match, 1_000);
      const scheduled = right.filter(({ pending }) => pending).map(({ id }) => id);
      for (const limit of [1_000, 3]) {
        const ids = (await allOf(indexed, match, limit)).map(({ id }) => id);
        const of = `${JSON.stringify(filter)} by ${limit}`;
        expect(ids.slice(0, scheduled.length), of).toEqual(scheduled);
        expect([...ids].sort(), of).toEqual(right.map(({ id }) => id).sort());
      }
      expect(await indexed.count(match)).toBe(right.length);
    }
  });

  test('all jobs are read in pages, and the due instants of some', async () => {
    const contract = await open();
    const changes = jobs(300);
    await put(contract, ...changes);
    const { records } = contract.store;
    const ids = new Set<string>();
    let cursor = '0';
    do {
      const page = await records.everyJob({ cursor, limit: 50 });
      for (const job of page.jobs) {
        expect(job.pending).toBeNull();
        expect('json' in job && job.json).toBe(changes.find(({ id }) => id === job.id)?.record?.json);
        ids.add(job.id);
      }
      cursor = page.cursor;
    } while (cursor !== '0');
    expect([...ids].sort()).toEqual(changes.map(({ id }) => id).sort());
    expect(await records.dueInstants(['JOB-3', 'JOB-4', 'none', 'JOB-1'])).toEqual([
      START + 30,
      null,
      null,
      START + 10,
    ]);
    expect(await records.dueInstants([])).toEqual([]);
  });

  test('each filter finds some of the jobs, but for those that are to find none', () => {
    const found = FILTERS.map((filter) => {
      const match = checkFilter('find', filter) ?? EACH_JOB;
      const any = jobs(70).some(({ id, record }) => {
        const pending = record?.pending === 'kept' ? null : (record?.pending ?? null);
        const stored = { id, rev: 1, generation: 1, digest: 'd', json: record?.json ?? '', last: null, pending };
        return isMatch(match, stored);
      });
      return any ? '' : JSON.stringify(filter);
    });
    // The jobs were added without outcomes; `id-1` has no capital with a dot.
    const none = [
      { tags: ['none'] },
      { tags: ['bill'] },
      { text: 'id-1' },
      { text: 'nothing' },
      { task: 'pin' },
      { executor: 'other' },
    ];
    const ofRuns = OUTCOMES.map((lastOutcome) => ({ lastOutcome }));
    const never = [
      { dueBefore: new Date(START) },
      { dueBefore: new Date(START + 10) },
      { state: 'paused', dueBefore: new Date(START + 500) },
    ];
    const rare = { state: 'paused', lastOutcome: 'error' };
    const expected = [...none, ...ofRuns, ...never, rare].map((filter) => JSON.stringify(filter));
    expect(found.filter((one) => one !== '').sort()).toEqual(expected.sort());
  });

  test('a cursor goes on after a job that is gone, and a page of another call begins where the list ended', async () => {
    const contract = await open();
    await put(contract, ...jobs(20));
    const { records } = contract.store;
    const first = await records.find({ match: EACH_JOB, limit: 4, looks: 100, cursor: null });
    const rest = await records.list({ limit: 100, cursor: first.cursor });
    expect(new Set([...first.jobs, ...rest.jobs].map(({ id }) => id)).size).toBe(20);
    expect(first.jobs.length + rest.jobs.length).toBe(20);
    await expect(records.find({ match: EACH_JOB, limit: 1, looks: 1, cursor: 'x' })).rejects.toThrow('cursor');
  });
});
