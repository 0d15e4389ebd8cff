import { readFileSync } from 'node:fs';
import { interval } from '@carillon/core';
import { eventsOf, RedisBackend } from '@carillon/redis';
import { expect } from 'vitest';
import { ask } from '../../support/ask.js';
import { CapturedEvents } from '../../support/captured-events.js';
import {
  expectShared,
  finished,
  kill9,
  type Place,
  startCoordinator,
  startListener,
  startWorker,
  terminate,
  test,
} from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';

const JOBS = 10;
const TIMES = 40;

/** The ids of all published events in the log, oldest first, of one type or of all. */
async function logged({ redis, prefix }: Place, type?: string): Promise<readonly string[]> {
  const backend = new RedisBackend({ redis, prefix, report: () => {}, fail: 'fast' });
  try {
    const entries = await backend.client.xrange(backend.keys('default').log, '-', '+');
    const events = entries.flatMap(([id, fields]) => eventsOf(id, fields));
    const wanted = events.filter(({ message }) => type === undefined || message.includes(`"type":"${type}"`));
    return wanted.map(({ id }) => id);
  } finally {
    await backend.close();
  }
}

const written = (file: string) => readFileSync(file, { encoding: 'utf8', flag: 'a+' }).split('\n').slice(0, -1);
const msOf = (id: string) => Number(id.split('-')[0]);

test('a listener process hears every event once and in order, though its connections are cut and it is killed, while two workers run hundreds of runs', async ({
  placeOnOwnRedis: place,
  ownRedis,
}) => {
  const { scheduler, journal } = place;
  const worker = { lease: '20s' } as const;
  const workers = await Promise.all([startWorker(place, worker), startWorker(place, worker)]);
  const coordinator = await startCoordinator(place);
  const file = `${journal.path}.heard`;
  const listener = await startListener(place, file, { sinceMs: 0 });
  const trigger = interval({ milliseconds: 100, startAt: new Date(Date.now() + 500) });
  const policy = { trigger, maxRuns: TIMES, coalesce: false, maxInstances: TIMES } as const;
  await scheduler.addJobs(
    Array.from({ length: JOBS }, (_, index) => ({ id: `job-${index}`, task: 'note.for', args: [0], ...policy })),
  );

  const cut = (type: string) => ask(ownRedis.url, ['CLIENT', 'KILL', 'TYPE', type]);
  const wait = (events: number) => eventually(() => expect(written(file).length).toBeGreaterThanOrEqual(events));
  for (const [turn, type] of ['pubsub', 'normal', 'pubsub'].entries()) {
    await wait(100 * (turn + 1));
    await cut(type);
  }
  await kill9(listener);
  const until = written(file).length;
  await eventually(() => expect(journal.ended.length).toBeGreaterThanOrEqual((JOBS * TIMES) / 2));
  // The listener continues after the last event that it knows, whatever was published meanwhile.
  const again = await startListener(place, file, { sinceId: written(file).at(-1) ?? '' });
  for (const [turn, type] of ['normal', 'pubsub', 'normal'].entries()) {
    await wait(until + 100 * (turn + 1));
    await cut(type);
  }
  await finished(place, 60_000);
  // A client that asks later gets the events that no listener heard as they were published.
  const { length } = await logged(place);
  const middle = msOf((await logged(place))[length >> 1] ?? '');
  const late = new CapturedEvents();
  await scheduler.addListener((event) => late.add(event), undefined, { since: new Date(middle) });
  await Promise.all([...workers, coordinator].map((server) => terminate(server)));

  const all = await logged(place);
  await eventually(() => expect(written(file).length).toBeGreaterThanOrEqual(all.length));
  await terminate(again);
  expect(written(file)).toEqual(all);
  const since = all.filter((id) => msOf(id) >= middle);
  await eventually(() => expect(late.all.length).toBeGreaterThanOrEqual(since.length));
  expect(late.all.map(({ eventId }) => eventId)).toEqual(since);

  // The events are complete: the log has each execution of the journal.
  const executed = late.of('job_executed').map(({ executionId }) => executionId);
  const ended = new Set(journal.ended.map(({ executionId }) => executionId));
  expect(ended.size).toBe(JOBS * TIMES);
  expect(executed.length).toBeGreaterThan(50);
  expect(executed.filter((executionId) => !ended.has(executionId))).toEqual([]);
  expect(await logged(place, 'job_executed')).toHaveLength(JOBS * TIMES);
  expectShared(place, workers);
});
