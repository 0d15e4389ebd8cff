import type { WorkerHealth } from '@carillon/worker';
import { expect } from 'vitest';
import { captureEvents } from '../../support/captured-events.js';
import { coordinateHere, expectShared, settled, startWorker, test } from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';

const KINDS = ['async', 'thread', 'process'] as const;
/** Long enough on a busy machine to see the shutdown, and to let runs finish. */
const LIMIT_MS = 8_000;

const executors = Object.fromEntries(KINDS.map((kind) => [kind, { kind, concurrency: 3 }]));
// With a lease this long, a run that is not handed back would not run again within this test.
const settings = { executors, lease: '10m', shutdownTimeout: LIMIT_MS } as const;

test('a worker that is asked to end takes no more runs, lets its own finish up to a limit, and hands back the rest, in each kind of executor', async ({
  place,
}) => {
  const { scheduler, journal } = place;
  const events = await captureEvents(scheduler);
  const [leaving] = await Promise.all([startWorker(place, settings), coordinateHere(place)]);
  const run = (task: string, arg: string | number) =>
    Promise.all(KINDS.map((executor) => scheduler.enqueue(task, [arg], { executor })));
  const inTime = await run('note.until', 'soon');
  const obeying = await run('note.obey', 'elsewhere');
  // On the event loop, a task that ignores its signal would keep its process from ending: Carillon cannot decide that.
  const ignoring = await Promise.all(
    KINDS.slice(1).map((executor) => scheduler.enqueue('note.until', ['elsewhere'], { executor })),
  );
  const handedBack = [...obeying, ...ignoring];
  await eventually(() => expect(journal.began).toHaveLength(inTime.length + handedBack.length));
  const children = journal.began.filter(({ pid }) => pid !== journal.began[0]?.pid);
  const staying = await startWorker(place, settings);

  const reportedAt = Date.now();
  leaving.signal('SIGTERM');
  await eventually(async () => expect((await leaving.health<WorkerHealth>()).status).toBe('shutting down'));
  const next = await run('note.for', 0);
  journal.open('soon');
  const results = await Promise.all([...inTime, ...next].map((one) => one.result({ timeout: '2m' })));
  expect(results).toEqual([...inTime.map(() => leaving.id), ...next.map(() => staying.id)]);

  expect(await leaving.ending(60_000)).toEqual({ code: 0, signal: null });
  const ids = handedBack.map(({ runId }) => `${runId}.0`).sort();
  expect(journal.aborted.map(({ executionId }) => executionId).sort()).toEqual(ids);
  for (const { at, reason, workerId } of journal.aborted) {
    expect(at - reportedAt).toBeGreaterThanOrEqual(LIMIT_MS - 10);
    expect({ reason, workerId }).toEqual({ reason: { name: 'Error' }, workerId: leaving.id });
  }
  // None of its child processes is left.
  expect(new Set(children.map(({ pid }) => pid)).size).toBe(3);
  await eventually(() => expect(children.filter(({ pid }) => isAlive(pid))).toEqual([]));

  const again = () => journal.began.filter(({ attempt }) => attempt === 2);
  await eventually(() =>
    expect(
      again()
        .map(({ executionId }) => executionId)
        .sort(),
    ).toEqual(ids),
  );
  expect(new Set(again().map(({ workerId }) => workerId))).toEqual(new Set([staying.id]));
  journal.open('elsewhere');
  await settled(place);
  await events.upToDate();
  expect(events.of('job_executed').filter(({ executionId }) => ids.includes(executionId))).toHaveLength(ids.length);
  expect(events.of('job_executed')).toHaveLength(inTime.length + next.length + ids.length);
  expect(events.of('job_error')).toEqual([]);
  expectShared(place, [leaving, staying]);
});

function isAlive(pid = 0): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
