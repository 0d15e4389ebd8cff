import { expect, it } from 'vitest';
import { decodeLastRun } from '../../packages/core/src/job/last-run.js';
import { lastSuccessOf } from '../../packages/core/src/job/last-success.js';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { electAndRaise, keptOf } from '../support/contract-account.js';
import { adding, at, changing, deliver, event, listen, newRun, op, put } from '../support/contract-records.js';
import { openAlone } from '../support/contract-redis-alone.js';
import { cancel, firesAt, running, settle, settlement, start, submit } from '../support/contract-runs.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Returns a function that executes one run of a job and settles it. */
function runsOf(contract: TestedStore, epoch: number, job: string) {
  let runs = 0;
  return async (outcome: 'executed' | 'error' | 'cancelled', fireTime: number, more = {}) => {
    const runId = `${job}-${++runs}`;
    await running(contract, epoch, newRun(runId, job, { fires: firesAt(fireTime), ...more }));
    await settle(contract, settlement(runId, outcome));
  };
}

async function lastRunOf({ store }: TestedStore, id: string) {
  const { job } = await store.records.account(id);
  return decodeLastRun(job && 'last' in job ? job.last : null);
}

const missed = (about: object) => ({ type: 'job_missed', about: { ...about } });

jobStoreContract('the account of a job', (open) => {
  it('is read of many jobs at once, its newest entries', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    await put(contract, adding('a', at(START)), adding('b', at(START)), adding('c', null));
    const [a, b] = [runsOf(contract, epoch, 'a'), runsOf(contract, epoch, 'b')];
    for (const [place, minute] of [0, 1, 3, 4, 9, 20, 22].entries()) {
      await a(place % 2 ? 'error' : 'executed', START + minute * MINUTE);
      await b('executed', START + minute * MINUTE);
    }
    const ids = ['b', 'nobody', 'c', 'a', 'a'];
    const accounts = await Promise.all(ids.map((id) => contract.store.records.account(id)));
    expect(accounts[0]?.entries.length).toBeGreaterThan(2);
    for (const entries of [1, 3, 100]) {
      const before = accounts.map((_, place) => accounts.slice(0, place).flatMap((one) => one.entries).length);
      const read = accounts.filter((_, place) => place === 0 || (before[place] ?? 0) < entries);
      expect(await contract.store.records.accounts({ ids, entries })).toEqual(read);
    }
    for (const entries of [1, 2, 100]) {
      expect(await contract.store.records.recent({ ids, entries })).toEqual(
        accounts.map(({ entries: all, job }) => ({
          last: job && 'last' in job ? job.last : null,
          entries: all.slice(-entries),
        })),
      );
    }
  });

  it('says after each execution which one succeeded last', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    await put(contract, adding('a', at(START)));
    const run = runsOf(contract, epoch, 'a');
    const success = async () => {
      const { job } = await contract.store.records.account('a');
      const { scheduledRunTime, settledAt } = lastSuccessOf(job && 'last' in job ? job.last : null) ?? {};
      return [scheduledRunTime?.getTime(), settledAt?.getTime()];
    };
    const asked = { asked: true } as const;
    await contract.pass(HOUR);
    const now = START + HOUR;
    expect(await success()).toEqual([undefined, undefined]);
    await run('error', START);
    expect(await success()).toEqual([undefined, undefined]);
    for (const minute of [1, 2, 3]) {
      await run('executed', START + minute * MINUTE);
      expect(await success()).toEqual([START + minute * MINUTE, now]);
    }
    // The store does not keep when an execution was settled that continues a stretch.
    for (const [outcome, minute] of [
      ['error', 4],
      ['cancelled', 5],
      ['error', 6],
    ] as const) {
      await run(outcome, START + minute * MINUTE);
      expect(await success()).toEqual([START + 3 * MINUTE, undefined]);
    }
    // An irregular execution closes the stretch, and is the only one of the next.
    await run('executed', START + 8.5 * MINUTE);
    await contract.pass(7);
    await run('error', START + 9 * MINUTE);
    expect(await success()).toEqual([START + 8.5 * MINUTE, now]);
    await run('executed', START + 10 * MINUTE, asked);
    expect(await success()).toEqual([START + 10 * MINUTE, now + 7]);
    await run('error', START + 10.5 * MINUTE, asked);
    expect(await success()).toEqual([START + 10 * MINUTE, now + 7]);
    await run('executed', START + 11 * MINUTE);
    await run('error', START + 12 * MINUTE);
    expect(await success()).toEqual([START + 11 * MINUTE, undefined]);
  });

  it('has outcomes at equal distances as one stretch of each kind; what breaks it is written down', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    await put(contract, adding('a', at(START)));
    const run = runsOf(contract, epoch, 'a');
    for (const minute of [1, 2, 3, 5, 7]) await run('executed', START + minute * MINUTE);
    for (const minute of [4, 6, 8]) await run('error', START + minute * MINUTE);
    await contract.pass(9 * MINUTE + 7);
    await run('executed', START + 9 * MINUTE);
    await run('cancelled', START + 10 * MINUTE);
    expect(await keptOf(contract, 'a')).toEqual([
      `s${START} x${START + MINUTE}+60000*3~0`,
      `c${START + 10 * MINUTE}+0*1~0`,
      `x${START + 5 * MINUTE}+120000*3~7`,
      `e${START + 4 * MINUTE}+120000*3~0`,
    ]);
    expect(await lastRunOf(contract, 'a')).toEqual({
      ...{ outcome: 'cancelled', executed: 6, errors: 3 },
      ...{ scheduledRunTime: new Date(START + 10 * MINUTE), settledAt: new Date(START + 9 * MINUTE + 7) },
    });
  });

  it('has executions whose distances change in stretches, as far as each goes', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    await put(contract, adding('a', at(START)));
    const run = runsOf(contract, epoch, 'a');
    await contract.pass(30 * MINUTE);
    const now = START + 30 * MINUTE;
    // Some fire times go back to an earlier one or lie in the future: a clock may be set back.
    for (const minute of [1, 4, 8, 11, 15, 18, 21, 20, 22, 40, 58]) await run('executed', START + minute * MINUTE);
    expect(await keptOf(contract, 'a')).toEqual([
      `s${now} x${START + MINUTE}+180000*2~${29 * MINUTE}`,
      `s${now} x${START + 8 * MINUTE}+180000*2~${22 * MINUTE}`,
      `s${now} x${START + 15 * MINUTE}+180000*3~${15 * MINUTE}`,
      `s${now} x${START + 20 * MINUTE}+120000*2~${10 * MINUTE}`,
      `x${START + 40 * MINUTE}+1080000*2~0`,
    ]);
    expect(await lastRunOf(contract, 'a')).toEqual({
      ...{ outcome: 'executed', executed: 11, errors: 0 },
      ...{ scheduledRunTime: new Date(START + 58 * MINUTE), settledAt: new Date(now) },
    });
  });

  it('says of runs that were asked for that they were', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    await put(contract, adding('a', at(START)));
    const run = runsOf(contract, epoch, 'a');
    const asked = { asked: true } as const;
    await run('executed', 1_000);
    await run('executed', 1_500, asked);
    await run('executed', 2_000);
    const last = { overlap: 'skip', history: null, asked: true } as const;
    await running(contract, epoch, newRun('r', 'a', { fires: firesAt(3_500), ...asked }));
    await settle(contract, settlement('r', 'error', { jobId: 'a', fireTime: 3_500, last }));
    await running(contract, epoch, newRun('s', 'a', { fires: firesAt(4_000), ...asked }));
    await submit(contract, newRun('t', 'a', { fires: firesAt(4_500), ...asked }));
    await settle(contract, settlement('s', 'executed'));
    const late = await deliver(contract, epoch, newRun('u', 'a', { fires: firesAt(5_000), graceMs: 0, ...asked }));
    await start(contract, 'u', late);
    const kept = (await keptOf(contract, 'a')).map((text) => text.replace(/~\d+$/, ''));
    expect(kept.sort()).toEqual(['E3500+0*1', 'I4500+0*1', 'M5000+0*1', 'X1500+2500*2', 'x1000+1000*2']);
    expect(await lastRunOf(contract, 'a')).toMatchObject({ outcome: 'executed', executed: 4, errors: 1 });
  });

  it('has what never became an execution: max_instances, missed, coalesced, also of a job that was never executed', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    const { store } = contract;
    await put(contract, adding('a', at(1_000)));
    const [rev] = await revsOf(contract, 'a');
    const claim = async (dueAt: number, next: number | null, more: object) => {
      const events = { missed: null, removed: next === null ? { type: 'job_removed', about: { gone: 1 } } : null };
      const common = { id: 'a', tombstone: null, deliveryId: null, run: null, events };
      const claims = [
        { ...common, expected: { rev: rev ?? 0, dueAt }, next: next === null ? null : at(next), ...more },
      ];
      const claimed = await store.terms.claim({ epoch, claims });
      expect(claimed).not.toMatchObject({ value: ['skipped'] });
    };
    const range = { first: 1_000, last: 3_000 };
    await claim(1_000, 5_000, {
      events: { missed: missed({ a: '"first":7', first: 1_000, last: 2_000 }), removed: null },
    });
    await claim(5_000, 7_000, { run: newRun('r', 'a', { fires: firesAt(4_000), coalesced: range }), deliveryId: 'd' });
    await claim(7_000, 8_000, { run: newRun('s', 'a', { fires: firesAt(7_000) }) });
    await claim(8_000, 9_000, { run: newRun('t', 'a', { fires: firesAt(8_000) }) });
    await claim(9_000, 9_500, { events: { missed: missed({ first: 9_000, last: 9_000 }), removed: null } });
    const late = `~${START - 7_000}`;
    expect(await keptOf(contract, 'a')).toEqual([
      `s${START} m1000-2000`,
      `s${START} o1000-3000>4000`,
      `i7000+1000*2${late}`,
      `m9000+0*1~${START - 9_000}`,
    ]);
    expect(await lastRunOf(contract, 'a')).toBeNull();
    const started = await start(contract, 'r', 'd');
    expect(started).toMatchObject({ status: 'started' });
    await settle(contract, settlement('r', 'executed'));
    expect(await lastRunOf(contract, 'a')).toMatchObject({ outcome: 'executed', executed: 1, errors: 0 });
    // The end of the job closes its open entries and keeps its record. A live run still gets its outcome.
    await claim(9_500, null, { run: newRun('u', 'a', { fires: firesAt(9_500) }) });
    await cancel(contract, 'u');
    expect((await keptOf(contract, 'a')).slice(2)).toEqual([
      `s${START} x4000+0*1~${START - 4_000}`,
      `s${START} i7000+1000*2${late}`,
      `s${START} m9000+0*1~${START - 9_000}`,
      `d${START} ${rev} ${rev} {"what":"finished"}\n{"of":"a"}`,
      `s${START} c9500+0*1~${START - 9_500}`,
    ]);
    expect(await store.records.goneJobs({ limit: 10, cursor: null })).toMatchObject({ jobs: [{ id: 'a', at: START }] });
  });

  it('has which fire times were coalesced into the last run of a job that ends with it', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    const ids = ['a', 'b', 'c'];
    await put(contract, ...ids.map((id) => adding(id, at(1_000))));
    const revs = await revsOf(contract, ...ids);
    const coalesced = { first: 1_000, last: 3_000 };
    const heard = await listen(contract);
    const claims = ids.map((id, place) => ({
      ...{ id, expected: { rev: revs[place] ?? 0, dueAt: 1_000 }, next: null, tombstone: null, deliveryId: 'd' },
      run: newRun(`run-of-${id}`, id, { fires: firesAt(4_000), coalesced: id === 'b' ? null : coalesced }),
      events: {
        missed: null,
        removed: { type: 'job_removed', about: { jobStore: 'default', gone: `{?!${id}` } } as const,
      },
    }));
    expect(await contract.store.terms.claim({ epoch, claims })).toMatchObject({ value: ids.map(() => 'submitted') });
    for (const [place, id] of ids.entries()) {
      expect(await keptOf(contract, id)).toEqual([
        ...(id === 'b' ? [] : [`s${START} o1000-3000>4000`]),
        `d${START} ${revs[place]} ${revs[place]} {"what":"finished"}\n{"of":"${id}"}`,
      ]);
    }
    const gone = ids.map((id, place) => event('job_removed', place + 1, START, { gone: `{?!${id}` }));
    expect(await heard()).toEqual(expect.arrayContaining(gone));
  });

  it('has each outcome once where a job is set aside and put back, and says what it owed then', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    const { terms, records } = contract.store;
    await put(contract, adding('a', at(START + 300, START)));
    const [rev = 0] = await revsOf(contract, 'a');
    const run = runsOf(contract, epoch, 'a');
    for (const second of [3, 2, 1]) await run('executed', START - second * 1_000);
    const reported = (type: string) => ({ type, about: { jobStore: 'default' } });
    const job = { id: 'a', rev, dueAt: START + 300, why: 'why', event: reported('job_quarantined') };
    await terms.quarantineJobs({ epoch, jobs: [job] });
    const gone = async () => (await records.goneJobs({ limit: 1, cursor: null })).jobs.map(({ id }) => id);
    expect(await gone()).toEqual(['a']);
    expect(await records.restoreJob({ op: op(), name: 'a', id: 'a', event: reported('job_added') })).toBe('restored');
    expect(await gone()).toEqual([]);
    expect(await lastRunOf(contract, 'a')).toMatchObject({ outcome: 'executed', executed: 3 });
    await run('executed', START);
    expect(await keptOf(contract, 'a')).toEqual([
      `s${START} x${START - 3_000}+1000*3~3000`,
      `d${START} ${rev} ${rev} {"what":"quarantined","owed":${START}}\n{"of":"a"}`,
      `b${START} ${rev} ${rev}`,
      `x${START}+0*1~0`,
    ]);
  });

  it('has changes and ends, and goes on where a job is added again', async () => {
    const contract = await open();
    await electAndRaise(contract);
    const { records } = contract.store;
    await put(contract, adding('a', at(1_000)));
    const [rev = 0] = await revsOf(contract, 'a');
    const reported = '{"what":"modified","was":{"of":"a"}}';
    // The store adds the fire time that it keeps.
    const kept = '{"what":"modified","was":{"of":"a"},"first":1000}';
    await put(contract, {
      ...changing('a', { rev, dueAt: 'any' }, { pending: 'kept', newGeneration: false }),
      account: reported,
    });
    await contract.pass(5);
    const missed = { type: 'job_missed', about: { first: 1000, last: 1000 } } as const;
    const removal = changing('a', { rev: rev + 1, dueAt: 'any' }, null);
    await put(contract, { ...removal, account: '{"what":"removed"}', events: [missed, ...removal.events] });
    const gone = [
      `r${START} ${rev} ${rev} ${kept}`,
      `s${START + 5} m1000+0*1~${START - 995}`,
      `d${START + 5} ${rev + 1} ${rev} {"what":"removed"}\n"other"`,
    ];
    expect(await keptOf(contract, 'a')).toEqual(gone);
    expect((await records.goneJobs({ limit: 1, cursor: null })).jobs).toEqual([{ id: 'a', at: START + 5 }]);
    await put(contract, adding('a', at(9_000)));
    await submit(contract, newRun('r', 'a', { fires: firesAt(9_000) }));
    await cancel(contract, 'r');
    expect(await keptOf(contract, 'a')).toEqual([...gone, `c9000+0*1~${START + 5 - 9_000}`]);
    expect((await records.goneJobs({ limit: 1, cursor: null })).jobs).toEqual([]);
  });

  it('is as long as 1,000 entries and 90 days, and says up to when it dropped others', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    await put(contract, adding('a', at(START)));
    const times = Array.from({ length: 1_100 }, (_, index) => 1_000 * index * index);
    const claims = times.map((first, index) => ({
      ...{ id: 'a', next: at(START + 1 + index), tombstone: null, deliveryId: null, run: null },
      ...{
        expected: { rev: 1, dueAt: START + index },
        events: { missed: missed({ first, last: first + 1 }), removed: null },
      },
    }));
    await contract.store.terms.claim({ epoch, claims: claims.slice(0, 999) });
    expect(await contract.store.records.account('a')).toMatchObject({ entries: { length: 999 } });
    await contract.pass(1_000);
    await contract.store.terms.claim({ epoch, claims: claims.slice(999) });
    const { entries } = await contract.store.records.account('a');
    expect(entries).toHaveLength(1_000);
    expect([entries[0], entries[1]]).toEqual([`f${START}`, `s${START} m${times[101]}-${(times[101] ?? 0) + 1}`]);
    const [rev = 0] = await revsOf(contract, 'a');
    const modify = (calls: number) => {
      const change = changing('a', { rev: rev + calls, dueAt: 'any' }, { pending: 'kept', newGeneration: false });
      return put(contract, { ...change, account: '{"what":"modified"}' });
    };
    await contract.pass(45 * 86_400_000);
    await modify(0);
    const between = contract.now;
    await contract.pass(46 * 86_400_000);
    // At most a hundred entries are dropped at once, and not with each new entry.
    for (let calls = 1; calls <= 80; calls++) await modify(calls);
    const first = `{"what":"modified","first":${START + 1_100}}`;
    const { entries: kept, from } = await contract.store.records.account('a');
    expect(kept.slice(0, 3)).toEqual([
      `f${START + 1_000}`,
      `r${between} ${rev} ${rev} ${first}`,
      `r${contract.now} ${rev + 1} ${rev} ${first}`,
    ]);
    expect([kept.length, from]).toEqual([82, contract.now - 90 * 86_400_000]);
  });

  it('is written in format 3, and since when that is so is known', async () => {
    const contract = await open();
    const { records } = contract.store;
    await put(contract, adding('a', at(1_000)));
    await submit(contract, newRun('r', 'a'));
    await cancel(contract, 'r');
    expect(await records.account('a')).toMatchObject({ now: START, from: null, entries: [], paused: false });
    await contract.pass(5);
    await electAndRaise(contract);
    expect(await records.account('a')).toMatchObject({ from: START + 5, entries: [] });
    const event = { type: 'worker_joined', about: { jobStore: 'default' } } as const;
    const worker = { workerId: 'w', json: '{}' };
    const old = contract.seenBy({ oldest: 1, newest: 2 });
    await old.ledger.join({ worker, executors: [], tasks: [], event });
    expect(await old.records.account('a')).toMatchObject({ from: null });
    await submit({ ...contract, store: old }, newRun('s', 'a', { fires: firesAt(7_000) }));
    await cancel({ ...contract, store: old }, 's');
    expect(await keptOf(contract, 'a')).toEqual([]);
  });
});

jobStoreContract('the account of a job store', (open) => {
  it('has what was published of it as a whole, the latest first, a page at a time', async () => {
    const contract = await open();
    await electAndRaise(contract);
    const { records } = contract.store;
    const kinds = ['scheduler_started', 'executor_added', 'job_added', 'all_jobs_removed'] as const;
    for (const type of kinds) await records.announce({ op: op(), event: { type, about: { jobStore: 'default' } } });
    await records.setPaused({ paused: true, event: { type: 'scheduler_paused', about: { jobStore: 'default' } } });
    const first = await records.storeAccount({ limit: 2, cursor: null });
    const second = await records.storeAccount({ limit: 3, cursor: first.cursor });
    const types = [...first.entries, ...second.entries].map((entry) => JSON.parse(entry).type);
    expect(types).toEqual(['scheduler_paused', 'all_jobs_removed', 'executor_added', 'scheduler_started']);
    expect([first.from, second.cursor]).toEqual([START, null]);
  });
});

async function revsOf({ store }: TestedStore, ...ids: string[]): Promise<number[]> {
  return (await store.records.read(ids)).jobs.flatMap((job) => job?.rev ?? []);
}

it.each([
  ['garbage', 1_000],
  ['0 0', 0],
  ['0 1000000', 2],
  ['3 1000000', 3],
])('limits %j: %i entries are kept', async (limits, kept) => {
  const { contract, client, keys } = openAlone();
  await electAndRaise(contract);
  await put(contract, adding('a', at(1_000)));
  await client.hset(keys.accountsLimits, '', limits);
  const [rev = 0] = await revsOf(contract, 'a');
  for (let calls = 0; calls < 5; calls++) {
    const change = changing('a', { rev: rev + calls, dueAt: 'any' }, { pending: 'kept', newGeneration: false });
    await put(contract, { ...change, account: '{"what":"modified"}' });
  }
  expect((await contract.store.records.account('a')).entries).toHaveLength(Math.min(kept, 5));
});

it.each(['garbage', 'x 5 5,garbage 1 0', 'x 5 5,x1+0~5,x99999999999999999999+5*7~1 1 0', 'x 5 5,z1+0*1~5 1 0', ''])(
  'what another program wrote as %j in place of the last outcome is set aside, and the next one counts',
  async (raw) => {
    const { contract, client, keys } = openAlone();
    const epoch = await electAndRaise(contract);
    await put(contract, adding('a', at(1_000)));
    await client.hset(keys.last, 'a', raw);
    await runsOf(contract, epoch, 'a')('executed', 1_000);
    expect(await lastRunOf(contract, 'a')).toMatchObject({ outcome: 'executed' });
    expect(await client.hget(keys.quarantine, 'last:a')).toContain(JSON.stringify(raw));
  },
);
