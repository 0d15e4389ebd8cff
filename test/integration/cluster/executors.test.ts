import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorOptions } from '@carillon/worker';
import { describe, expect } from 'vitest';
import { captureEvents } from '../../support/captured-events.js';
import { coordinateHere, kill9, type Place, settled, startWorker, terminate, test } from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';
import { programFile } from '../../support/server-process.js';

interface Note {
  readonly what: 'began' | 'ended';
  readonly at: number;
  readonly pid: number;
  readonly ppid: number;
  readonly executionId: string;
  readonly attempt: number;
}

/** A file beside the journal. Tasks in any process or thread write to it. */
class Notes {
  readonly file: string;

  constructor(place: Place, name: string) {
    this.file = join(place.journal.path, '..', name);
  }

  get all(): readonly Note[] {
    const lines = readFileSync(this.file, { encoding: 'utf8', flag: 'a+' }).split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Note);
  }

  get began(): readonly Note[] {
    return this.all.filter(({ what }) => what === 'began');
  }

  get most(): number {
    let inside = 0;
    return Math.max(...this.all.map(({ what }) => (inside += what === 'began' ? 1 : -1)));
  }
}

/** Starts two workers of an executor, and a coordinator. */
async function cluster(place: Place, executor: ExecutorOptions) {
  // A worker that gets no processor for a while is not counted as lost.
  const timing = { lease: '5s', shutdownTimeout: '2s' } as const;
  const settings = { taskFile: programFile('executor-tasks'), executors: { x: executor }, ...timing };
  const start = async () => {
    const server = await startWorker(place, settings);
    return { server, pid: Number(await server.ask('pid')) };
  };
  const [one, other] = await Promise.all([start(), start()]);
  await coordinateHere(place);
  return { one, other };
}

const enqueue = (place: Place, task: string, args: readonly (string | number)[], options: object = {}) =>
  place.scheduler.enqueue(task, args, { executor: 'x', ...options });

/** How much the clocks of Redis and of a process may differ, ms. */
const CLOCKS_MS = 5;

describe.concurrent('over two workers', () => {
  test('no more runs of an executor are at work than its global concurrency', async ({ place }) => {
    // One worker alone cannot take three: otherwise BullMQ may leave all to the one that was first.
    const { one, other } = await cluster(place, { concurrency: 2, globalConcurrency: 3 });
    const notes = new Notes(place, 'notes');
    await Promise.all(Array.from({ length: 40 }, () => enqueue(place, 'noted', [notes.file, 100])));
    await eventually(() => expect(notes.all).toHaveLength(80));
    expect(notes.most).toBe(3);
    expect(new Set(notes.all.map(({ pid }) => pid))).toEqual(new Set([one.pid, other.pid]));
    await settled(place);
  });

  test('no more runs of an executor begin in a time than its rate limit', async ({ place }) => {
    const { one, other } = await cluster(place, { concurrency: 5, rateLimit: { max: 5, duration: '1s' } });
    const notes = new Notes(place, 'notes');
    const enqueuedAt = Date.now();
    await Promise.all(Array.from({ length: 20 }, () => enqueue(place, 'noted', [notes.file, 100])));
    await eventually(() => expect(notes.all).toHaveLength(40));
    // Each second of the limit begins as a run is taken, so after the enqueuing. How late a task then starts depends on the machine.
    for (const [index, { at }] of notes.began.entries()) {
      expect(at - enqueuedAt, `run ${index}`).toBeGreaterThanOrEqual(1_000 * Math.floor(index / 5) - CLOCKS_MS);
    }
    expect(new Set(notes.all.map(({ pid }) => pid))).toEqual(new Set([one.pid, other.pid]));
    await settled(place);
  });

  describe.each(['thread', 'process'] as const)('of kind %s', (kind) => {
    /** The pid of the worker that ran the task. */
    const workerOf = ({ pid, ppid }: Note) => (kind === 'thread' ? pid : ppid);

    test('runs are shared', async ({ place }) => {
      const { one, other } = await cluster(place, { kind, concurrency: 2 });
      const notes = new Notes(place, 'notes');
      await Promise.all(Array.from({ length: 20 }, () => enqueue(place, 'noted', [notes.file, 200])));
      await eventually(() => expect(notes.all).toHaveLength(40));
      expect(notes.most).toBeLessThanOrEqual(4);
      expect(new Set(notes.all.map(workerOf))).toEqual(new Set([one.pid, other.pid]));
      expect(new Set(notes.began.map(({ executionId }) => executionId)).size).toBe(20);
      await settled(place);
    });

    test('a busy loop is stopped when its time is up, and when it is cancelled', async ({ place }) => {
      await cluster(place, { kind, concurrency: 1 });
      const events = await captureEvents(place.scheduler);
      const [late, cancelled] = [new Notes(place, 'late'), new Notes(place, 'cancelled')];
      const lateRun = await enqueue(place, 'busy-first', [late.file], { timeout: '1s' });
      const cancelledRun = await enqueue(place, 'busy-first', [cancelled.file]);
      await eventually(() => expect(cancelled.began).toHaveLength(1));
      expect(await cancelledRun.cancel()).toBe('cancelling');
      await expect(cancelledRun.result({ timeout: '2m' })).rejects.toMatchObject({ code: 'RUN_CANCELLED' });
      await expect(lateRun.result({ timeout: '2m' })).rejects.toMatchObject({ code: 'RUN_TIMEOUT' });
      await events.upToDate();
      expect(events.of('job_error')).toMatchObject([{ runId: lateRun.runId, error: { name: 'RunTimeoutError' } }]);
      expect(events.of('job_cancelled')).toMatchObject([{ runId: cancelledRun.runId }]);
      // Both places are free again.
      const next = new Notes(place, 'next');
      await Promise.all([1, 2].map(() => enqueue(place, 'noted', [next.file, 500])));
      await eventually(() => expect(next.all).toHaveLength(4));
      expect([late.all.length, cancelled.all.length]).toEqual([1, 1]);
      await settled(place);
    });

    test('a busy loop of a worker that is asked to end is stopped, and runs again in the other one', async ({
      place,
    }) => {
      const { one, other } = await cluster(place, { kind, concurrency: 1 });
      const notes = new Notes(place, 'notes');
      const run = await enqueue(place, 'busy-first', [notes.file]);
      await eventually(() => expect(notes.began).toHaveLength(1));
      const [first] = notes.began;
      const [leaving, staying] = first && workerOf(first) === one.pid ? [one, other] : [other, one];
      const events = await captureEvents(place.scheduler);
      await terminate(leaving.server, 60_000);
      expect(await run.result({ timeout: '2m' })).toEqual(expect.any(Number));
      const [, again] = notes.began;
      expect(again && workerOf(again)).toBe(staying.pid);
      expect(again?.executionId).toBe(first?.executionId);
      expect(notes.all.map(({ what }) => what)).toEqual(['began', 'began', 'ended']);
      await events.upToDate();
      expect(events.of('job_error')).toEqual([]);
      await settled(place);
    });

    test('what a worker ran that is killed runs again in the other one', async ({ place }) => {
      const { one, other } = await cluster(place, { kind, concurrency: 1 });
      const notes = new Notes(place, 'notes');
      const run = await enqueue(place, 'busy-first', [notes.file]);
      await eventually(() => expect(notes.began).toHaveLength(1));
      const [first] = notes.began;
      const [killed, staying] = first && workerOf(first) === one.pid ? [one, other] : [other, one];
      await kill9(killed.server);
      expect(await run.result({ timeout: '60s' })).toEqual(expect.any(Number));
      const [, again] = notes.began;
      expect(again && workerOf(again)).toBe(staying.pid);
      expect(again).toMatchObject({ executionId: first?.executionId, attempt: 2 });
      // A child process ends with its worker, even in a busy loop.
      await eventually(() => expect(isAlive(first?.pid ?? 0)).toBe(false));
      await settled(place);
    });
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
