import { expect } from 'vitest';
import { captureEvents } from '../../support/captured-events.js';
import { coordinateHere, expectShared, settled, startWorker, terminate, test } from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';
import { InstanceSamples } from '../../support/instance-samples.js';
import type { Entry } from '../../support/journal.js';

const KINDS = ['async', 'thread', 'process'] as const;
const PER_KIND = 2;
const RUNS = KINDS.length * PER_KIND;

const executionsOf = (entries: readonly { readonly executionId: string }[]) =>
  entries.map(({ executionId }) => executionId).sort();

test('what a worker has that stood still past its lease is void: its signals are aborted, nothing is settled twice, and the instances are right throughout', async ({
  place,
}) => {
  const { scheduler, journal } = place;
  const events = await captureEvents(scheduler);
  const executors = Object.fromEntries(KINDS.map((kind) => [kind, { kind, concurrency: PER_KIND }]));
  // A worker that gets no processor for a while is not counted as lost.
  const [stopped] = await Promise.all([startWorker(place, { executors, lease: '5s' }), coordinateHere(place)]);
  const job = { task: 'note.attempt', maxInstances: PER_KIND, nextRunTime: null };
  await scheduler.addJobs(KINDS.map((executor) => ({ id: executor, executor, ...job })));
  for (const id of [...KINDS, ...KINDS]) await scheduler.runJob(id);
  const attempt = (number: number, of: readonly Entry[]) => of.filter((entry) => entry.attempt === number);
  await eventually(() => expect(attempt(1, journal.began)).toHaveLength(RUNS));
  const other = await startWorker(place, { executors, lease: '20s' });
  const samples = new InstanceSamples(place);

  stopped.signal('SIGSTOP');
  await eventually(() => expect(attempt(2, journal.began)).toHaveLength(RUNS));
  expect(journal.aborted).toEqual([]);
  stopped.signal('SIGCONT');
  await eventually(() => expect(attempt(1, journal.aborted)).toHaveLength(RUNS));
  // Now its tasks end, apart from those that were killed in their threads and processes. The other worker's tasks still run.
  journal.open('attempt-1');
  await eventually(async () => expect(await stopped.health()).toMatchObject({ running: 0 }));
  expect(attempt(1, journal.ended).filter(({ jobId }) => jobId === 'async')).toHaveLength(PER_KIND);
  await events.upToDate();
  expect(events.all.filter(({ type }) => /^job_(executed|error|cancelled|retrying)$/.test(type))).toEqual([]);
  const letGoAt = Date.now();
  journal.open('attempt-2');
  await settled(place);

  const first = attempt(1, journal.began);
  const again = attempt(2, journal.began);
  expect(journal.began).toHaveLength(2 * RUNS);
  expect(new Set(first.map(({ workerId }) => workerId))).toEqual(new Set([stopped.id]));
  expect(new Set(again.map(({ workerId }) => workerId))).toEqual(new Set([other.id]));
  expect(executionsOf(again)).toEqual(executionsOf(first));
  expect(executionsOf(journal.aborted)).toEqual(executionsOf(first));
  expect(journal.aborted.map(({ reason, workerId }) => ({ code: reason?.code, workerId }))).toEqual(
    first.map(() => ({ code: undefined, workerId: stopped.id })),
  );
  expect(executionsOf(attempt(2, journal.ended))).toEqual(executionsOf(first));
  await eventually(() => expect(events.of('job_executed')).toHaveLength(RUNS));
  await events.upToDate();
  expect(executionsOf(events.of('job_executed'))).toEqual(executionsOf(first));
  expect(new Set(events.of('job_executed').map(({ value }) => value))).toEqual(new Set([other.id]));
  expect(events.of('job_error')).toEqual([]);

  // The worker is in order again, and takes its share.
  const more = Array.from({ length: 2 * PER_KIND }, () => scheduler.enqueue('note.for', [500], { executor: 'async' }));
  await Promise.all((await Promise.all(more)).map((run) => run.result({ timeout: '2m' })));
  expectShared(place, [stopped, other]);
  await Promise.all([stopped, other].map((server) => terminate(server)));

  const taken = await samples.stop();
  const held = taken.filter(({ at }) => at < letGoAt);
  const full = Object.fromEntries(KINDS.map((id) => [id, PER_KIND]));
  expect(held.length).toBeGreaterThan(20);
  expect(held.filter(({ instances }) => JSON.stringify(sorted(instances)) !== JSON.stringify(sorted(full)))).toEqual(
    [],
  );
  expect(taken.at(-1)?.instances).toEqual({});
  for (const id of KINDS) {
    const counts = taken.map(({ instances }) => instances[id] ?? 0);
    expect(counts.filter((count, index) => count > (counts[index - 1] ?? PER_KIND))).toEqual([]);
  }
});

function sorted(counts: { readonly [jobId: string]: number }) {
  return Object.entries(counts).sort();
}
