import { type CarillonEvent, cron, type EventList, Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { describe, expect, it } from 'vitest';

async function withEvents() {
  const scheduler = new Scheduler({ backend: new MemoryCluster().connect() });
  for (const id of ['a', 'b', 'c']) await scheduler.addJob({ id, task: id, trigger: cron('0 9 * * *') });
  await scheduler.addJobs(['d', 'e'].map((id) => ({ id, task: 'x', trigger: cron('0 9 * * *') })));
  await scheduler.pauseJob('b');
  return scheduler;
}

const inShort = (event: CarillonEvent) => `${event.type} ${'jobId' in event ? event.jobId : ''}`;

describe('the log of events by pages', () => {
  it('has each event once, newest first, whatever the length of a page', async () => {
    const scheduler = await withEvents();
    const all = (await scheduler.getEvents()).events;
    expect(all.map(inShort)).toEqual([
      ...['job_paused b', 'job_added e', 'job_added d', 'job_added c', 'job_added b', 'job_added a'],
    ]);
    for (const limit of [1, 2, 5, 6]) {
      const found: CarillonEvent[] = [];
      let cursor: string | null = null;
      do {
        const page: EventList = await scheduler.getEvents({ limit, cursor });
        found.push(...page.events);
        cursor = page.cursor;
      } while (cursor !== null);
      expect(found).toEqual(all);
    }
  });

  it('has those that are meant', async () => {
    const scheduler = await withEvents();
    const of = async (filter: Parameters<Scheduler['getEvents']>[0]) =>
      (await scheduler.getEvents(filter)).events.map(inShort);
    expect(await of({ types: ['job_paused'] })).toEqual(['job_paused b']);
    expect(await of({ jobId: 'b' })).toEqual(['job_paused b', 'job_added b']);
    expect(await of({ jobId: 'b', limit: 1 })).toEqual(['job_paused b']);
    expect(await of({ task: 'x' })).toEqual(['job_added e', 'job_added d']);
    expect(await of({ runId: 'none' })).toEqual([]);
  });

  it.each([{ types: ['x'] }, { jobId: 1 }, { cursor: 'x' }, { limit: 0 }, { nothing: 1 }, null])(
    'refuses %j',
    async (filter) => {
      const scheduler = await withEvents();
      await expect(scheduler.getEvents(filter as never)).rejects.toMatchObject({
        code: expect.stringMatching('INVALID'),
      });
    },
  );
});
