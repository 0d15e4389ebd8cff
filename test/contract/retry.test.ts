import { expect, test } from 'vitest';
import { jobStoreContract, START } from '../support/contract.js';
import { adding, deliverAll, elect, event, listen, newRun, op, put, startedRun } from '../support/contract-records.js';
import {
  executionOf,
  firesAt,
  LEASE_MS,
  running,
  settle,
  settlement,
  start,
  states,
  submit,
} from '../support/contract-runs.js';

const failed = { ...executionOf('r'), attempt: 1, error: { name: 'Error', message: 'no' } };

jobStoreContract('a retry', (open) => {
  test('puts a run off: reported with its time, for which the leader is woken, and not delivered before', async () => {
    const contract = await open();
    const { terms, records } = contract.store;
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('r', 'a'));
    await contract.pass(5);
    const heard = await listen(contract);
    expect(await settle(contract, settlement('r', 'retry', { delayMs: 1_000 }))).toEqual(['settled']);
    const retryAt = START + 1_005;
    expect(await heard()).toEqual([event('job_retrying', 1, START + 5, { ...failed, retryAt }), String(retryAt)]);
    expect(await terms.due(1)).toMatchObject({ outboxAt: retryAt });
    expect(await records.runs(['r'])).toMatchObject([
      { live: { state: 'retrying', notBefore: retryAt }, outcomes: [] },
    ]);
    await contract.pass(999);
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual([]);
    await contract.pass(1);
    expect(await records.runs(['r'])).toMatchObject([{ live: { state: 'queued', notBefore: null } }]);
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual(['r']);
  });

  test('is for an instant: at once where it is over, in a year where it is later', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const year = 365 * 86_400_000;
    const asked = {
      past: START - 1,
      now: START,
      later: START + 7,
      year: START + year,
      beyond: START + year + 1,
      never: 8.64e15,
    };
    const expected = [START, START, START + 7, START + year, START + year, START + year];
    for (const [runId, retryAt] of Object.entries(asked)) {
      await running(contract, epoch, newRun(runId, null));
      const heard = await listen(contract);
      await settle(contract, settlement(runId, 'retry', { retryAt }));
      const at = expected.shift();
      expect(await heard()).toMatchObject([{ type: 'job_retrying', retryAt: at }, String(at)]);
    }
    expect(await states(contract, ...Object.keys(asked))).toEqual(['queued', 'queued', ...Array(4).fill('retrying')]);
  });

  test('takes the run from its worker: token, delivery and lease count for nothing', async () => {
    const contract = await open();
    const { ledger, terms, records } = contract.store;
    const epoch = await elect(contract);
    const deliveryId = await running(contract, epoch, newRun('r', 'a'));
    const held = [{ runId: 'r', token: 't' }];
    await ledger.progress(held.map((one) => ({ ...one, json: '1' })));
    await settle(contract, settlement('r', 'retry'));
    const heard = await listen(contract);
    expect(await settle(contract, settlement('r', 'executed'), settlement('r', 'retry'))).toEqual(['void', 'void']);
    expect(await start(contract, 'r', deliveryId, 'u')).toEqual({ status: 'dropped', runId: 'r' });
    const heartbeat = { worker: { workerId: 'w', json: '{}' }, leaseMs: LEASE_MS, held };
    expect(await ledger.heartbeat(heartbeat)).toEqual({ isKnown: false, refused: ['r'], cancelled: [] });
    await ledger.progress(held.map((one) => ({ ...one, json: '2' })));
    await ledger.handBack({ held: [...held, { runId: 'r', token: deliveryId }] });
    await contract.pass(LEASE_MS);
    expect(await terms.suspects({ limit: 9, cursor: '0' })).toMatchObject({ suspects: [], unreadable: [] });
    const suspect = { runId: 'r', deliveryId, executor: 'default' };
    expect(await terms.reap({ epoch, suspect, leaseMs: 1 })).toEqual({ status: 'done', value: 'alive' });
    const { counts } = await records.inspect({ runs: 0, quarantined: 0 });
    expect(counts).toMatchObject({ runs: 1, leases: 0, outbox: 1 });
    expect(await heard()).toEqual([]);
    expect(await records.runs(['r'])).toMatchObject([{ live: { state: 'retrying', progress: null } }]);
  });

  test('keeps its instance', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('r', 'a'));
    await settle(contract, settlement('r', 'retry'));
    expect(await submit(contract, newRun('s', 'a'))).toBe('max_instances');
  });

  test('is counted as a try; the next start is reported as one more, and never as too late', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const run = newRun('r', 'a', { fires: firesAt(START), graceMs: 0 });
    await running(contract, epoch, run);
    for (const tries of [1, 2, 3]) {
      await settle(contract, settlement('r', 'retry'));
      await contract.pass(1_000);
      const heard = await listen(contract);
      const deliveryId = (await deliverAll(contract, epoch)).get('r') ?? '';
      const outcome = { status: 'started', run: startedRun(run, { starts: tries + 1, tries }) };
      expect(await start(contract, 'r', deliveryId)).toEqual(outcome);
      expect(await heard()).toMatchObject([{ type: 'job_started', attempt: tries + 1 }]);
    }
  });

  test('forgets the workers that were lost', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    let deliveryId = await running(contract, epoch, newRun('r', 'a'));
    for (let round = 0; round < 3; round++) {
      const token = `u${round}`;
      expect(await start(contract, 'r', deliveryId, token)).toMatchObject({ status: 'started' });
      await settle(contract, settlement('r', 'retry', { token, delayMs: 0 }));
      deliveryId = (await deliverAll(contract, epoch)).get('r') ?? '';
      expect(await start(contract, 'r', deliveryId)).toMatchObject({ status: 'started' });
    }
  });

  test('without a delay the run is to be delivered at once', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('r', 'a'));
    const heard = await listen(contract);
    await settle(contract, settlement('r', 'retry', { delayMs: 0 }));
    expect(await heard()).toEqual([event('job_retrying', 1, START, { ...failed, retryAt: START }), String(START)]);
    expect(await states(contract, 'r')).toEqual(['queued']);
  });

  test('settles nothing: no last outcome, nothing kept, and a repeated call reports nothing more', async () => {
    const contract = await open();
    const { ledger, records } = contract.store;
    await put(contract, adding('a', null));
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('r', 'a', { history: { ageMs: 60_000, perJob: null } }));
    const heard = await listen(contract);
    const call = { op: op(), settlements: [settlement('r', 'retry')] };
    for (let time = 0; time < 2; time++) expect(await ledger.settle(call)).toEqual(['settled']);
    expect(await heard()).toHaveLength(2);
    expect((await records.read(['a'])).jobs).toMatchObject([{ last: null }]);
    expect(await records.runs(['r'])).toMatchObject([{ live: { run: { tries: 1 } }, outcomes: [] }]);
  });
});
