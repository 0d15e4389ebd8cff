import { expect, test } from 'vitest';
import type { JobChange } from '../../packages/core/src/ports/job-records.js';
import { jobStoreContract, START } from '../support/contract.js';
import { electAndRaise, keptOf } from '../support/contract-account.js';
import { adding, at, changing, claimedOf, elect, event, listen, op, put } from '../support/contract-records.js';

const DONE = { status: 'done', left: [] };

const ODD_IDS = [
  '123',
  '0',
  'a:b',
  'with space',
  `"quoted" 'twice'`,
  '__proto__',
  'constructor',
  'ünïcödé 🕰️',
  '{x}',
  '-',
  '*',
];

jobStoreContract('job records', (open) => {
  test('a job that was put is read back, with the time of reading', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START + 50)), adding('b', null), adding('c', at(START + 70, START + 60)));
    const { now, jobs, tombstones } = await contract.store.records.read(['c', 'missing', 'a', 'b']);
    expect(now).toBe(START);
    expect(tombstones).toEqual([null, null, null, null]);
    const stored = { digest: 'digest', last: null };
    expect(jobs).toEqual([
      { ...stored, id: 'c', rev: 3, generation: 3, json: '{"of":"c"}', pending: at(START + 70, START + 60) },
      null,
      { ...stored, id: 'a', rev: 1, generation: 1, json: '{"of":"a"}', pending: at(START + 50) },
      { ...stored, id: 'b', rev: 2, generation: 2, json: '{"of":"b"}', pending: null },
    ]);
  });

  test('ids and JSON of any kind are only text', async () => {
    const contract = await open();
    const json = '{"text":"line\\nline, %d %s \\u2028 🕰️ \u00e9"}';
    const changes = ODD_IDS.map((id, index) =>
      changing(id, { rev: 0, dueAt: null }, { json, pending: at(START + index) }),
    );
    await put(contract, ...changes.map((change) => ({ ...change, expected: { rev: null, tombstone: null } as const })));
    const { jobs } = await contract.store.records.read(ODD_IDS);
    expect(jobs.map((job) => job && 'json' in job && [job.id, job.json, job.pending])).toEqual(
      ODD_IDS.map((id, index) => [id, json, at(START + index)]),
    );
    const page = await contract.store.records.list({ limit: 100, cursor: null });
    expect(page.jobs.map(({ id }) => id)).toEqual(ODD_IDS);
    await put(contract, ...ODD_IDS.map((id, index) => changing(id, { rev: index + 1, dueAt: START + index }, null)));
    expect((await contract.store.records.read(ODD_IDS)).jobs).toEqual(ODD_IDS.map(() => null));
  });

  test('events go out in the order of the changes, numbered by type, then one wake-up for the soonest', async () => {
    const contract = await open();
    const heard = await listen(contract);
    await put(contract, adding('a', at(START + 50)), adding('b', at(START + 20)), adding('c', null));
    expect(await heard()).toEqual([
      event('job_added', 1, START, { note: 'a' }),
      event('job_added', 2, START, { note: 'b' }),
      event('job_added', 3, START, { note: 'c' }),
      String(START + 20),
    ]);
    await contract.pass(5);
    await put(contract, changing('b', { rev: 2, dueAt: START + 20 }, null), adding('d', null));
    expect(await heard()).toEqual([
      event('job_removed', 1, START + 5, { note: 'b' }),
      event('job_added', 4, START + 5, { note: 'd' }),
    ]);
    // It is due after the first fire, so it wakes no leader.
    await put(contract, adding('e', at(START + 60)));
    expect(await heard()).toEqual([event('job_added', 5, START + 5, { note: 'e' })]);
    await put(contract, adding('f', at(START + 50)));
    expect(await heard()).toEqual([event('job_added', 6, START + 5, { note: 'f' }), String(START + 50)]);
  });

  test('new jobs are added all together or not at all, and nothing else is written then', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START + 50)));
    const heard = await listen(contract);
    const changes = [adding('b', null), changing('a', { rev: 1, dueAt: START + 50 }, {}), adding('a', null)];
    expect(await contract.store.records.put({ op: op(), readAt: START, changes })).toEqual({ status: 'changed' });
    expect((await contract.store.records.read(['a', 'b', 'c'])).jobs).toMatchObject([{ rev: 1 }, null, null]);
    expect(await heard()).toEqual([]);
    // The refused call uses up no number either.
    await put(contract, adding('b', null));
    expect((await contract.store.records.read(['b'])).jobs).toMatchObject([{ rev: 2 }]);
  });

  test('of jobs that exist, each is changed by itself', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START + 50)), adding('b', at(START + 50)), adding('c', at(START + 50)));
    const heard = await listen(contract);
    const changes = [
      changing('a', { rev: 9, dueAt: START + 50 }, null),
      adding('new', null),
      changing('b', { rev: 2, dueAt: START + 50 }, null),
      changing('c', { rev: 3, dueAt: START + 51 }, {}),
    ];
    const call = { op: op(), readAt: START, changes };
    const answer = { status: 'done', left: [0, 3] };
    expect(await contract.store.records.put(call)).toEqual(answer);
    expect((await contract.store.records.read(['a', 'new', 'b', 'c'])).jobs).toMatchObject([
      { rev: 1 },
      { rev: 4 },
      null,
      { rev: 3 },
    ]);
    const reported = [event('job_added', 4, START, { note: 'new' }), event('job_removed', 1, START, { note: 'b' })];
    expect(await heard()).toEqual(reported);
    // A repeated call returns the same answer.
    expect(await contract.store.records.put(call)).toEqual(answer);
    expect(await heard()).toEqual([]);
  });

  test('a next run time that is kept is what it is by now, and the event reports it', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START)), adding('paused', null), adding('b', at(START + 70, START + 60)));
    const epoch = await elect(contract);
    const next = at(START + 90, START + 80);
    const events = { missed: null, removed: null };
    const claims = [
      { id: 'a', expected: { rev: 1, dueAt: START }, next, tombstone: null, run: null, deliveryId: null, events },
    ];
    expect(claimedOf(await contract.store.terms.claim({ epoch, claims }))).toBe(1);
    const heard = await listen(contract);
    const kept = { pending: 'kept', newGeneration: false } as const;
    await put(
      contract,
      ...['a', 'paused', 'b'].map((id, index) => changing(id, { rev: index + 1, dueAt: 'any' }, kept)),
    );
    expect((await contract.store.records.read(['a', 'paused', 'b'])).jobs).toMatchObject([
      { rev: 4, generation: 1, json: '"other"', pending: next },
      { rev: 5, generation: 2, json: '"other"', pending: null },
      { rev: 6, generation: 3, json: '"other"', pending: at(START + 70, START + 60) },
    ]);
    expect(await heard()).toEqual([
      event('job_modified', 1, START, { note: 'a', nextRunTime: START + 80 }),
      event('job_modified', 2, START, { note: 'paused', nextRunTime: null }),
      event('job_modified', 3, START, { note: 'b', nextRunTime: START + 60 }),
    ]);
    // Jobs that changed in another way are left alone.
    const { records } = contract.store;
    const late = [changing('a', { rev: 1, dueAt: 'any' }, kept), changing('gone', { rev: 1, dueAt: 'any' }, kept)];
    expect(await records.put({ op: op(), readAt: START, changes: late })).toEqual({ status: 'done', left: [0, 1] });
  });

  test('a change that keeps the next run time, and of which nothing is to be kept, leaves no entry', async () => {
    const contract = await open();
    await electAndRaise(contract);
    await put(contract, adding('a', at(START)));
    await put(contract, changing('a', { rev: 1, dueAt: 'any' }, { pending: 'kept', newGeneration: false }));
    expect(await keptOf(contract, 'a')).toEqual([]);
  });

  test('a job that is held is not claimed, until it is put, or released, or the time is over', async () => {
    const contract = await open();
    const ids = ['put', 'released', 'over', 'free'];
    await put(contract, ...ids.map((id) => adding(id, at(START))));
    const epoch = await elect(contract);
    const { records, terms } = contract.store;
    const events = { missed: null, removed: null };
    const claim = (...which: number[]) => {
      const next = at(START + 1_000);
      const claims = which.map((index) => {
        const [id = '', rev] = [ids[index], index === 0 ? 5 : index + 1];
        return { id, expected: { rev, dueAt: START }, next, tombstone: null, run: null, deliveryId: null, events };
      });
      return terms.claim({ epoch, claims });
    };
    await records.hold({ ids: ids.slice(0, 3), ms: 50 });
    const heard = await listen(contract);
    expect(claimedOf(await claim(1, 2, 3))).toBe(1);
    expect(await heard()).toEqual([]);
    await put(contract, changing('put', { rev: 1, dueAt: START }, { pending: 'kept', newGeneration: false }));
    expect(await heard()).toEqual([
      event('job_modified', 1, START, { note: 'put', nextRunTime: START }),
      String(START),
    ]);
    expect(claimedOf(await claim(0))).toBe(1);
    await records.hold({ ids: ['released', 'free', 'unknown'], ms: 0 });
    expect(await heard()).toEqual([String(START)]);
    expect(claimedOf(await claim(1, 2))).toBe(1);
    await contract.pass(50);
    expect(claimedOf(await claim(2))).toBe(1);
  });

  const refusals = {
    'another rev': changing('a', { rev: 2, dueAt: START + 50 }, {}),
    'another due instant': changing('a', { rev: 1, dueAt: START + 51 }, {}),
    'paused where it was due': changing('a', { rev: 1, dueAt: null }, {}),
    'due where it was paused': changing('paused', { rev: 2, dueAt: START }, {}),
    'there where it was not': adding('a', null),
    'not there where it was': changing('missing', { rev: 1, dueAt: null }, null),
    'no tombstone where there was one': adding('new', null, 'digest'),
  };
  for (const [why, change] of Object.entries(refusals)) {
    const answered = change.expected.rev === null ? { status: 'changed' } : { status: 'done', left: [0] };
    test(`a job that is ${why} is not changed`, async () => {
      const contract = await open();
      await put(contract, adding('a', at(START + 50)), adding('paused', null));
      const before = await contract.store.records.read(['a', 'paused', 'new', 'missing']);
      const answer = await contract.store.records.put({ op: op(), readAt: START, changes: [change] });
      expect(answer).toEqual(answered);
      expect(await contract.store.records.read(['a', 'paused', 'new', 'missing'])).toEqual(before);
    });
  }

  test('a reading of more than 10 s ago is too old', async () => {
    const contract = await open();
    await contract.pass(10_000);
    const { records } = contract.store;
    expect(await records.put({ op: op(), readAt: START, changes: [adding('a', null)] })).toEqual(DONE);
    await contract.pass(1);
    const late = [adding('b', at(START + 60_000)), changing('a', { rev: 1, dueAt: null }, null)];
    for (const changes of [[late[0]], [late[1]], [adding('c', null), late[0]], late] as const) {
      const answer = await records.put({ op: op(), readAt: START, changes: changes as JobChange[] });
      expect(answer).toEqual({ status: 'stale' });
    }
  });

  test('a call that is repeated returns the same, and changes and reports nothing more', async () => {
    const contract = await open();
    const heard = await listen(contract);
    const { records } = contract.store;
    const call = { op: op(), readAt: START, changes: [adding('a', at(START + 50))] };
    expect(await records.put(call)).toEqual(DONE);
    await heard();
    await put(contract, changing('a', { rev: 1, dueAt: START + 50 }, null));
    await contract.pass(20_000);
    expect(await records.put(call)).toEqual(DONE);
    expect((await records.read(['a'])).jobs).toEqual([null]);
    expect(await heard()).toEqual([event('job_removed', 1, START, { note: 'a' })]);
    // A call that was refused may be made again: nothing was stored under its name.
    const change = { op: op(), readAt: START + 20_000, changes: [changing('b', { rev: 3, dueAt: null }, {})] };
    await put(contract, adding('b', null));
    for (const _ of [1, 2]) expect(await records.put(change)).toEqual(DONE);
    await put(contract, changing('b', { rev: 4, dueAt: null }, null));
    const refused = { op: op(), readAt: START + 20_000, changes: [adding('b', null, 'digest')] };
    expect(await records.put(refused)).toEqual({ status: 'changed' });
    expect(await records.put({ ...refused, changes: [adding('b', null)] })).toEqual(DONE);
  });

  test('so does one that adds several jobs', async () => {
    const contract = await open();
    const { records } = contract.store;
    const call = { op: op(), readAt: START, changes: [adding('a', at(START + 50)), adding('b', at(START + 60))] };
    expect(await records.put(call)).toEqual(DONE);
    const heard = await listen(contract);
    await put(contract, changing('a', { rev: 1, dueAt: START + 50 }, null));
    await heard();
    await contract.pass(20_000);
    expect(await records.put(call)).toEqual(DONE);
    expect((await records.read(['a', 'b'])).jobs).toMatchObject([null, { id: 'b', rev: 2 }]);
    expect(await heard()).toEqual([]);
  });

  test('rev counts every change, generation only those of trigger or next run time', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START + 50, START + 40)));
    const pending = at(START + 50, START + 40);
    await put(contract, changing('a', { rev: 1, dueAt: START + 50 }, { pending, newGeneration: false }));
    expect((await contract.store.records.read(['a'])).jobs).toMatchObject([{ rev: 2, generation: 1, pending }]);
    await put(contract, changing('a', { rev: 2, dueAt: START + 50 }, { pending: at(START + 50) }));
    expect((await contract.store.records.read(['a'])).jobs).toMatchObject([
      { rev: 3, generation: 3, pending: at(START + 50) },
    ]);
    await put(contract, changing('a', { rev: 3, dueAt: START + 50 }, null), adding('b', null));
    expect((await contract.store.records.read(['b'])).jobs).toMatchObject([{ rev: 5, generation: 5 }]);
  });

  test('a tombstone is read, expected, and gone once the job is added or removed', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START)), adding('b', at(START)));
    const epoch = await elect(contract);
    const claims = ['a', 'b'].map((id, index) => ({
      id,
      expected: { rev: index + 1, dueAt: START },
      next: null,
      tombstone: `tomb of ${id}`,
      run: null,
      deliveryId: null,
      events: { missed: null, removed: { type: 'job_removed', about: { jobStore: 'default' } } },
    }));
    expect(claimedOf(await contract.store.terms.claim({ epoch, claims }))).toBe(2);
    const { records } = contract.store;
    expect(await records.read(['a', 'b'])).toMatchObject({
      jobs: [null, null],
      tombstones: ['tomb of a', 'tomb of b'],
    });
    for (const tombstone of [null, 'tomb of b']) {
      const changes = [adding('a', null, tombstone)];
      expect(await records.put({ op: op(), readAt: START, changes })).toEqual({ status: 'changed' });
    }
    await put(contract, adding('a', null, 'tomb of a'));
    const forgotten = { id: 'b', expected: { rev: null, tombstone: 'tomb of b' }, record: null, events: [] };
    await put(contract, forgotten);
    expect(await records.read(['a', 'b'])).toMatchObject({ tombstones: [null, null] });
  });

  test('a job that finishes by a change leaves a tombstone', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START)), adding('b', null));
    const finished = { ...changing('a', { rev: 1, dueAt: START }, null), tombstone: 'tomb of a' };
    await put(contract, finished, changing('b', { rev: 2, dueAt: null }, null));
    const { records } = contract.store;
    expect(await records.read(['a', 'b'])).toMatchObject({ jobs: [null, null], tombstones: ['tomb of a', null] });
  });

  test('a job of which only the header cannot be read is reported with the reason, and is not changed', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START + 50)), adding('b', null));
    await contract.damage('job', 'a');
    await contract.damage('job', 'b');
    const why = 'its header cannot be read';
    const unreadable = [
      { id: 'a', rev: null, why, pending: at(START + 50) },
      { id: 'b', rev: null, why, pending: null },
    ];
    const { records } = contract.store;
    expect((await records.read(['a', 'b'])).jobs).toEqual(unreadable);
    expect((await records.list({ limit: 10, cursor: null })).jobs).toEqual(unreadable);
    const changes = [changing('a', { rev: 1, dueAt: START + 50 }, null)];
    expect(await records.put({ op: op(), readAt: START, changes })).toEqual({ status: 'done', left: [0] });
    expect(await records.put({ op: op(), readAt: START, changes: [adding('a', null)] })).toEqual({ status: 'changed' });
  });

  test('pausing a store is reported once, and wakes its leader', async () => {
    const contract = await open();
    const heard = await listen(contract);
    const { records } = contract.store;
    const pause = (paused: boolean) => {
      const type = paused ? 'scheduler_paused' : 'scheduler_resumed';
      return records.setPaused({ paused, event: { type, about: { jobStore: 'default' } } });
    };
    await pause(false);
    await pause(true);
    await pause(true);
    expect(await heard()).toEqual([event('scheduler_paused', 1, START, {}), String(START)]);
    expect(await contract.store.terms.due(10)).toMatchObject({ paused: true });
    await pause(false);
    await pause(false);
    expect(await heard()).toEqual([event('scheduler_resumed', 1, START, {}), String(START)]);
    expect(await contract.store.terms.due(10)).toMatchObject({ paused: false });
  });
});
