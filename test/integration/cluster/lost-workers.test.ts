import { interval } from '@carillon/core';
import { describe, expect } from 'vitest';
import { captureEvents } from '../../support/captured-events.js';
import { coordinateHere, kill9, type Place, settled, startWorker, terminate, test } from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';
import type { Entry } from '../../support/journal.js';
import type { ServerProcess } from '../../support/server-process.js';

/** The lease of a worker that is lost. Before that, a busy machine may leave it without a processor for a while. */
const LEASE = '4s';
/** The lease of a worker that its task kills: it has no time in which to lose a lease. */
const DEADLY_LEASE = '1s';
/** The lease of the worker that goes on. */
const LONGER_LEASE = '20s';

/** Resolves with a task call that this worker began. */
function begunBy(place: Place, { id }: ServerProcess): Promise<Entry> {
  return eventually(() => {
    const entry = place.journal.began.find(({ workerId }) => workerId === id);
    return entry ?? expect.fail(`worker ${id} has begun nothing`);
  });
}

function endedBy(place: Place, { id }: ServerProcess): Promise<void> {
  return eventually(() => expect(place.journal.ended.map(({ workerId }) => workerId)).toContain(id));
}

const letGo = (worker: ServerProcess, { executionId }: Entry) => worker.ask('release', executionId);

const oneFire = () => ({ id: 'held', task: 'record.held' }) as const;

describe.concurrent('a run is settled once', () => {
  test('though the worker that ran it was killed: another one runs it again', async ({ place }) => {
    const events = await captureEvents(place.scheduler);
    const [killed] = await Promise.all([startWorker(place, { lease: LEASE }), coordinateHere(place)]);
    await place.scheduler.addJob(oneFire());
    const first = await begunBy(place, killed);
    const other = await startWorker(place, { lease: LONGER_LEASE });
    await kill9(killed);

    const again = await begunBy(place, other);
    await letGo(other, again);
    await settled(place);

    expect(again).toMatchObject({ executionId: first.executionId, fireTime: first.fireTime, attempt: 2 });
    expect(place.journal.ended.map(({ workerId }) => workerId)).toEqual([other.id]);
    await events.upToDate();
    expect(events.of('job_executed')).toMatchObject([{ executionId: first.executionId, value: other.id }]);
    expect(events.of('job_error')).toEqual([]);
  });

  test('though the worker that ran it stood still past its lease: what it then has is void', async ({ place }) => {
    const events = await captureEvents(place.scheduler);
    const [frozen] = await Promise.all([startWorker(place, { lease: LEASE }), coordinateHere(place)]);
    await place.scheduler.addJob(oneFire());
    const first = await begunBy(place, frozen);
    const other = await startWorker(place, { lease: LONGER_LEASE });
    frozen.signal('SIGSTOP');

    const again = await begunBy(place, other);
    frozen.signal('SIGCONT');
    await letGo(frozen, first);
    await endedBy(place, frozen);
    await terminate(frozen);
    await events.upToDate();
    expect(events.of('job_executed')).toEqual([]);
    await letGo(other, again);
    await settled(place);

    expect(again).toMatchObject({ executionId: first.executionId, attempt: 2 });
    expect(place.journal.ended.map(({ workerId }) => workerId)).toEqual([frozen.id, other.id]);
    await events.upToDate();
    expect(events.of('job_executed')).toMatchObject([{ executionId: first.executionId, value: other.id }]);
    expect(events.of('job_error')).toEqual([]);
  });

  test('though the worker that runs it shuts down before it ends: it hands the run back at once', async ({ place }) => {
    const events = await captureEvents(place.scheduler);
    // With a lease this long, no other worker would run it again within this test.
    const patient = { lease: '10m', shutdownTimeout: '500ms' } as const;
    const [leaving] = await Promise.all([startWorker(place, patient), coordinateHere(place)]);
    await place.scheduler.addJob(oneFire());
    const first = await begunBy(place, leaving);
    const other = await startWorker(place, patient);
    await terminate(leaving);

    const again = await begunBy(place, other);
    await letGo(other, again);
    await settled(place);

    expect(again).toMatchObject({ executionId: first.executionId, attempt: 2 });
    expect(place.journal.ended.map(({ workerId }) => workerId)).toEqual([other.id]);
    await events.upToDate();
    expect(events.of('job_executed')).toMatchObject([{ executionId: first.executionId, value: other.id }]);
  });

  test('as an error, if it loses every worker; its job fires on', async ({ place }) => {
    const events = await captureEvents(place.scheduler);
    await coordinateHere(place);
    const startAt = new Date(Date.now() + 1_000);
    const trigger = interval({ seconds: 1, startAt });
    const args = [startAt.getTime()];
    await place.scheduler.addJob({ id: 'deadly', task: 'record.deadlyAt', args, trigger });

    // A run survives three losses; the fourth is one too many.
    for (let loss = 1; loss <= 4; loss++) {
      const worker = await startWorker(place, { lease: DEADLY_LEASE });
      expect(await worker.ending(120_000)).toEqual({ code: null, signal: 'SIGKILL' });
    }
    const last = await startWorker(place, { lease: LONGER_LEASE });
    const failed = await events.first('job_error');
    await events.first('job_executed', ({ scheduledRunTime }) => scheduledRunTime > startAt);
    await place.scheduler.removeJob('deadly');
    await settled(place);

    const { executionId } = failed;
    expect(failed).toMatchObject({ jobId: 'deadly', scheduledRunTime: startAt, error: { code: 'WORKER_LOST' } });
    const calls = place.journal.began.filter((entry) => entry.executionId === executionId);
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    await events.upToDate();
    expect(events.of('job_error')).toHaveLength(1);
    expect(events.of('job_executed').filter((event) => event.executionId === executionId)).toEqual([]);
    expect(place.journal.workers).toEqual([last.id]);
  });
});
