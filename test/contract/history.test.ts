import { expect, test, vi } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { deliver, elect, event, newRun } from '../support/contract-records.js';
import { cancel, executionOf, firesAt, running, settle, settlement, start, submit } from '../support/contract-runs.js';

const HOUR = 3_600_000;
const kept = { ageMs: 3 * HOUR, perJob: null };
const keeping = (runId: string, more = {}) => newRun(runId, 'a', { history: kept, ...more });

/** Returns the kept outcomes of a run. */
async function outcomesOf({ store }: TestedStore, runId: string): Promise<unknown[]> {
  const [reading] = await store.records.runs([runId]);
  return (reading?.outcomes ?? []).map((message) => JSON.parse(message));
}

const historyOf = ({ store }: TestedStore, jobId = 'a', limit = 100) => store.records.history({ jobId, limit });

jobStoreContract('history', (open) => {
  test('keeps what was settled of a run, as it was published, fire time by fire time', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, keeping('r', { fires: firesAt(1_000, 2_000, 3_000) }));
    await settle(contract, settlement('r', 'executed', { value: '{"n":"½ \\u0000 \\n %d"}' }));
    const first = event('job_executed', 1, START, { ...executionOf('r'), value: { n: '½ \u0000 \n %d' } });
    expect(await outcomesOf(contract, 'r')).toEqual([first]);
    expect(await historyOf(contract)).toEqual([]);
    await settle(contract, settlement('r', 'error', { index: 1 }), settlement('r', 'cancelled', { index: 2 }));
    const ended = [first, { type: 'job_error', executionId: 'r.1' }, { type: 'job_cancelled', executionId: 'r.2' }];
    expect(await outcomesOf(contract, 'r')).toMatchObject(ended);
    expect(await historyOf(contract)).toEqual(['r']);
  });

  test('keeps a large value whole', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, keeping('r'));
    const value = 'x'.repeat(200_000);
    await settle(contract, settlement('r', 'executed', { value: JSON.stringify(value) }));
    expect(await outcomesOf(contract, 'r')).toMatchObject([{ value }]);
  });

  test('keeps nothing of a run that does not ask for it', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('r', 'a'));
    await settle(contract, settlement('r', 'executed'));
    expect(await outcomesOf(contract, 'r')).toEqual([]);
    expect(await historyOf(contract)).toEqual([]);
  });

  test('keeps what no worker settled: cancelled, lost, refused, missed', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await submit(contract, keeping('cancelled', { maxInstances: 9 }));
    await cancel(contract, 'cancelled');
    const lost = await running(contract, epoch, keeping('lost', { maxInstances: 9 }));
    for (const token of ['2', '3']) await start(contract, 'lost', lost, token);
    const deliveryId = await deliver(contract, epoch, keeping('refused', { maxInstances: 9 }));
    const refused = { runId: 'refused', deliveryId, executor: 'default' };
    await contract.store.terms.refuse({ epoch, ...refused, error: { name: 'Error', message: 'no' } });
    const late = { maxInstances: 9, graceMs: 0, fires: firesAt(START - 2, START - 1) };
    await start(contract, 'missed', await deliver(contract, epoch, keeping('missed', late)));
    expect(await outcomesOf(contract, 'cancelled')).toMatchObject([{ type: 'job_cancelled', runId: 'cancelled' }]);
    expect(await outcomesOf(contract, 'lost')).toMatchObject([{ type: 'job_error', error: { code: 'WORKER_LOST' } }]);
    expect(await outcomesOf(contract, 'refused')).toMatchObject([{ type: 'job_error', error: { message: 'no' } }]);
    expect(await outcomesOf(contract, 'missed')).toMatchObject([
      { type: 'job_missed', first: START - 2, last: START - 1 },
    ]);
    expect([...(await historyOf(contract))].sort()).toEqual(['cancelled', 'lost', 'missed', 'refused']);
  });

  test('keeps what was missed of a run that started anyway', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const fires = firesAt(START - 2, START - 1, START);
    await running(contract, epoch, keeping('r', { graceMs: 0, fires }));
    await settle(contract, settlement('r', 'executed', { index: 2 }));
    expect(await outcomesOf(contract, 'r')).toMatchObject([{ type: 'job_missed' }, { type: 'job_executed' }]);
  });

  test('keeps that a run was superseded, but does not count it among those of its job', async () => {
    const contract = await open();
    for (const runId of ['1', '2', '3']) await submit(contract, keeping(runId, { overlap: 'queue' }));
    expect(await outcomesOf(contract, '2')).toMatchObject([{ type: 'job_max_instances', runId: '2' }]);
    await cancel(contract, '3');
    expect(await historyOf(contract)).toEqual(['3']);
  });

  test('of a job is the newest first, those of one instant the greater id, as many as asked for', async () => {
    const contract = await open();
    for (const runId of ['b', 'c', 'a', 'd']) {
      await submit(contract, keeping(runId));
      if (runId !== 'c') await contract.pass(1);
      await cancel(contract, runId);
    }
    expect(await historyOf(contract)).toEqual(['d', 'a', 'c', 'b']);
    expect(await historyOf(contract, 'a', 2)).toEqual(['d', 'a']);
    expect(await historyOf(contract, 'other')).toEqual([]);
  });

  test('keeps as many runs of a job as it says: what is kept of the others goes too', async () => {
    const contract = await open();
    const two = { history: { ...kept, perJob: 2 } };
    for (const runId of ['1', '2', '3', '4']) {
      await submit(contract, keeping(runId, two));
      await contract.pass(1);
      await cancel(contract, runId);
    }
    expect(await historyOf(contract)).toEqual(['4', '3']);
    for (const gone of ['1', '2']) expect(await outcomesOf(contract, gone)).toEqual([]);
    for (const there of ['3', '4']) expect(await outcomesOf(contract, there)).toHaveLength(1);
    // A run that keeps fewer removes others; a run without a limit removes none.
    await submit(contract, keeping('5', { history: { ...kept, perJob: 1 } }));
    await contract.pass(1);
    await cancel(contract, '5');
    await submit(contract, keeping('6'));
    await contract.pass(1);
    await cancel(contract, '6');
    expect(await historyOf(contract)).toEqual(['6', '5']);
  });

  test('keeps runs without a job for themselves', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const run = { ...keeping('r', { history: { ...kept, perJob: 1 } }), jobId: null };
    await running(contract, epoch, run);
    await settle(contract, settlement('r', 'executed'));
    expect(await outcomesOf(contract, 'r')).toHaveLength(1);
    expect(await historyOf(contract, '')).toEqual([]);
  });

  test('of a job outlives it', async () => {
    const contract = await open();
    await submit(contract, keeping('1', { overlap: 'queue' }));
    await cancel(contract, '1');
    expect(await outcomesOf(contract, '1')).toHaveLength(1);
    expect(await historyOf(contract)).toEqual(['1']);
  });

  test('of a run is gone when its age is over', async () => {
    const contract = await open();
    await submit(contract, keeping('r', { history: { ageMs: 50, perJob: null } }));
    await cancel(contract, 'r');
    // A store that forgets the run by itself does so in real time.
    await contract.pass(50);
    await vi.waitFor(async () => expect(await outcomesOf(contract, 'r')).toEqual([]), 120_000);
    await vi.waitFor(async () => expect(await historyOf(contract)).toEqual([]), 120_000);
  });

  test('drops a run once it is too old, though others of its job are not', async () => {
    const contract = await open();
    for (const runId of ['1', '2']) {
      await submit(contract, keeping(runId));
      await cancel(contract, runId);
      await contract.pass(2 * HOUR);
    }
    expect((await historyOf(contract))[0]).toBe('2');
    await submit(contract, keeping('3'));
    await cancel(contract, '3');
    expect(await historyOf(contract)).toEqual(['3', '2']);
  });
});
