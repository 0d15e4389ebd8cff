import { Coordinator } from '@carillon/coordinator';
import { type CarillonEvent, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { expect, onTestFinished, test } from 'vitest';
import type { Carry } from '../../../packages/core/src/memory/line.js';

const logger = defaultLogger();
logger.level = 'silent';

/** A cluster, and a scheduler whose first submission is executed, loses its reply, and is sent again when the connection is back. */
async function world(goneForMs: number) {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const ran: string[] = [];
  const events: CarillonEvent[] = [];
  let isLost = false;
  const carry: Carry = async (call, effect) => {
    const reply = effect();
    if (call !== 'submit' || isLost) return reply;
    isLost = true;
    await new Promise<void>((resolve) => void clock.after(goneForMs, resolve));
    return effect();
  };
  const backend = cluster.connect({ carry });
  const scheduler = new Scheduler({ backend, logger });
  const members = [
    new Coordinator({ backend: cluster.connect(), logger }),
    new Worker({ backend: cluster.connect(), logger, tasks: { note: (what: string) => void ran.push(what) } }),
  ];
  await scheduler.addListener(
    (event) => void events.push(event),
    ['job_submitted', 'job_executed', 'job_max_instances'],
  );
  onTestFinished(async () => {
    const down = Promise.all([scheduler, ...members].map((member) => member.shutdown()));
    await clock.advance('2h');
    await down;
  });
  await Promise.all([scheduler.start(), ...members.map((member) => member.start())]);
  await clock.advance(0);
  /** Returns the result of a call, after three minutes. */
  const after = async <T>(call: Promise<T>): Promise<T> => {
    await clock.advance('3m');
    return call;
  };
  return { scheduler, ran, events, after };
}

const ids = (events: readonly CarillonEvent[], type: string) =>
  events.flatMap((event) => (event.type === type && 'runId' in event ? [event.runId] : []));

test.each([1_000, 50_000, 70_000])(
  'a run is entered and executed once, if its call is sent again after %d ms',
  async (goneForMs) => {
    const { scheduler, ran, events, after } = await world(goneForMs);
    const run = await after(scheduler.enqueue('note', ['x']));
    expect(await run.result()).toBe(null);
    expect(ran).toEqual(['x']);
    expect(ids(events, 'job_submitted')).toEqual([run.runId]);
    expect(ids(events, 'job_executed')).toEqual([run.runId]);
  },
);

test('the same if the job may have one run, which is over or not', async () => {
  const { scheduler, ran, events, after } = await world(70_000);
  await scheduler.addJob({ id: 'j', task: 'note', args: ['x'], trigger: { type: 'interval', days: 1 } });
  const run = await after(scheduler.runJob('j'));
  expect([run.isDuplicate, ran]).toEqual([false, ['x']]);
  expect(ids(events, 'job_executed')).toEqual([run.runId]);
  expect(ids(events, 'job_max_instances')).toEqual([]);
});

test('if nothing of the run is kept, another one is entered, with an id of its own; a key has the first one', async () => {
  const { scheduler, ran, events, after } = await world(70_000);
  await after(scheduler.enqueue('note', ['x'], { history: 'none' }));
  expect(ran).toEqual(['x', 'x']);
  expect(new Set(ids(events, 'job_executed')).size).toBe(2);
  const other = await world(70_000);
  const run = await other.after(
    other.scheduler.enqueue('note', ['y'], { history: 'none', dedupe: { key: 'k', for: '1h' } }),
  );
  expect([run.isDuplicate, other.ran]).toEqual([false, ['y']]);
  expect(ids(other.events, 'job_executed')).toEqual([run.runId]);
});
