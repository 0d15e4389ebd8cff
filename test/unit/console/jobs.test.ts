import { cron } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import { consoleInMemory } from '../../support/console.js';

describe('GET v1/stores/{store}/jobs', () => {
  it('lists jobs by pages, in the form of the command line, with the trigger in words', async () => {
    const { ask, scheduler } = consoleInMemory();
    await scheduler.addJob({ id: 'b', task: 'report', trigger: cron('0 9 * * *'), args: ['eu'] });
    await scheduler.addJob({ id: 'a', task: 'report', trigger: cron('0 8 * * *'), kwargs: { full: true } });
    const first = await ask('GET', 'v1/stores/default/jobs?limit=1');
    expect(first).toMatchObject({ status: 200, body: { jobs: [{ id: 'a', kwargs: { full: true } }] } });
    expect(first.headers.get('cache-control')).toBe('no-store');
    const next = await ask('GET', `v1/stores/default/jobs?limit=1&cursor=${first.body.cursor}`);
    expect(next.body.jobs).toMatchObject([
      {
        id: 'b',
        args: ['eu'],
        nextRunTime: '2026-03-28T09:00:00.000Z',
        triggerText: 'cron[0 9 * * *]',
        triggerInWords: expect.stringContaining('09:00'),
      },
    ]);
  });

  it('lists those that a filter matches', async () => {
    const { ask, scheduler } = consoleInMemory();
    const trigger = cron('0 9 * * *');
    await scheduler.addJob({ id: 'a', task: 'report', trigger, tags: ['eu', 'daily'] });
    await scheduler.addJob({ id: 'b', task: 'clean', trigger, executor: 'slow' });
    await scheduler.addJob({ id: 'c', task: 'report', nextRunTime: null });
    const of = async (query: string) => {
      const { body } = await ask('GET', `v1/stores/default/jobs?${query}`);
      return body.jobs.map(({ id }: { id: string }) => id).join('');
    };
    expect(await of('text=REP')).toBe('ac');
    expect(await of('tags=eu,daily')).toBe('a');
    expect(await of('tags=eu,weekly')).toBe('');
    expect(await of('executor=slow')).toBe('b');
    expect(await of('task=report&state=paused')).toBe('c');
    expect(await of('lastOutcome=none&dueBefore=2026-03-28T09:00:01Z')).toBe('ab');
    expect(await of('lastOutcome=error')).toBe('');
  });

  it('hides arguments from a caller who is not to see them', async () => {
    const { ask, scheduler } = consoleInMemory();
    await scheduler.addJob({ id: 'a', task: 'report', args: ['secret'], kwargs: { key: 'secret' } });
    const { body } = await ask('GET', 'v1/stores/default/jobs', undefined, {
      as: { actor: 'vic', role: 'viewer', redact: true },
    });
    expect(body.jobs).toMatchObject([{ id: 'a', args: [], redacted: true }]);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('names what is wrong with a request', async () => {
    const { ask } = consoleInMemory();
    for (const path of ['?limit=0', '?limit=1001', '?limit=x', '?nothing=1']) {
      const { status, body } = await ask('GET', `v1/stores/default/jobs${path}`, undefined, { wrong: true });
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'BAD_REQUEST' });
      expect(body.detail).toMatch(/limit|nothing/);
    }
  });
});
