import { createConsole } from '@carillon/console';
import { interval } from '@carillon/core';
import { testCluster } from 'carillon/testing';
import { expect, it } from 'vitest';
import { consoleInMemory } from '../../support/console.js';

it('counts what was and what is to come of a job that fires each 2 s, a day of it', async () => {
  await using cluster = await testCluster({
    tasks: { quick: async () => null },
    start: '2026-03-02T08:00:00Z',
  });
  const { clock, scheduler } = cluster;
  await scheduler.addJob({ id: 'quick', task: 'quick', trigger: interval('2s') });
  await clock.advance('10m');
  const console = createConsole({ scheduler: scheduler as never, auth: () => ({ actor: 'ann', role: 'viewer' }) });
  const query = 'from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z&buckets=24';
  const asked = new Request(`http://console.test/v1/stores/default/jobs/quick/fire-counts?${query}`);
  const body = (await (await console.fetch(asked)).json()) as {
    readonly buckets: readonly { readonly counts: readonly { readonly code: string; readonly count: number }[] }[];
  };
  expect(body).toMatchObject({ jobId: 'quick', bucketMs: 3_600_000, clockChanges: [], unreadable: [] });
  expect(body.buckets).toHaveLength(16);
  const counts = body.buckets[0]?.counts.map(({ code, count }) => [code, count]);
  // 08:00:02 to 08:10:00, of which the last runs may still be at work, and the rest of the hour.
  expect(counts?.find(([code]) => code === 'executed')?.[1]).toBeGreaterThan(295);
  expect(counts?.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(1_799);
  expect(body.buckets[1]?.counts).toMatchObject([
    { code: 'will_fire', count: 1_800, first: '2026-03-02T09:00:00.000Z' },
  ]);
});

it('names what is wrong with a request, and does not know a job that never was', async () => {
  const { ask, scheduler } = consoleInMemory();
  await scheduler.addJob({ id: 'a', task: 'report', trigger: interval('1h') });
  const asked = async (id: string, query: string, wrong = false) => {
    const { status, body } = await ask('GET', `v1/stores/default/jobs/${id}/fire-counts?${query}`, undefined, {
      wrong,
    });
    return `${status} ${body.code}: ${body.detail}`;
  };
  const day = 'from=2026-03-27T00:00:00Z&to=2026-03-28T00:00:00Z';
  expect(await asked('nothing', day)).toMatch(/^404 JOB_NOT_FOUND/);
  expect(await asked('a', 'from=2026-03-27T00:00:00Z', true)).toMatch(/^400 BAD_REQUEST: query.to: /);
  expect(await asked('a', `${day}&buckets=1001`, true)).toMatch(/^400 BAD_REQUEST: query.buckets: /);
  expect(await asked('a', 'from=2026-03-28T00:00:00Z&to=2026-03-27T00:00:00Z')).toContain(
    'countFires: to 2026-03-27T00:00:00.000Z is not after from 2026-03-28T00:00:00.000Z',
  );
  expect(await asked('a', 'from=2026-03-28T00:00:00Z&to=2056-03-27T00:00:00Z')).toContain(
    'are more than 3660 days: give a shorter period',
  );
  expect(await asked('a', 'from=soon&to=2026-03-27')).toContain('countFires: from: "soon" is neither a Date');
});
