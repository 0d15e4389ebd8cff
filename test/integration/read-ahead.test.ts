import { Coordinator } from '@carillon/coordinator';
import { date, Scheduler } from '@carillon/core';
import type { DuePage, UpcomingPage, UpcomingParams } from '@carillon/core/internal';
import { RedisBackend } from '@carillon/redis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Stored, silent } from '../support/in-process.js';
import { redisUrl } from '../support/redis.js';

const COUNT = 450;
const TASK = 'no-worker-has-it';

/** A backend with this clock that notes what its leader reads ahead, and what it finds to be due. */
function watched(place: { readonly redis: string; readonly prefix: string; readonly now: () => number }) {
  const backend = new RedisBackend({ ...place, fail: 'never', report: () => {} });
  const ahead: UpcomingPage[] = [];
  const due: DuePage[] = [];
  const open = backend.jobStore.bind(backend);
  const jobStore = (alias: string) => {
    const store = open(alias);
    const noted = {
      upcoming: async (params: UpcomingParams) => {
        const page = await store.terms.upcoming(params);
        ahead.push(page);
        return page;
      },
      due: async (limit: number) => {
        const page = await store.terms.due(limit);
        if (page.jobs.length > 0) due.push(page);
        return page;
      },
    };
    const terms = new Proxy(store.terms, {
      get(target, name) {
        if (name === 'upcoming' || name === 'due') return noted[name];
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    return { ...store, terms };
  };
  return { backend: Object.assign(backend, { jobStore }), ahead, due };
}

test('a leader reads the jobs of one instant ahead, each once: they all fire then, and none is read again', async () => {
  const { prefix } = new Stored();
  const place = { redis: redisUrl(), prefix };
  const scheduler = new Scheduler({ ...place, logger: silent });
  onTestFinished(() => scheduler.shutdown());
  let now = Date.now();
  const at = new Date(now + 60_000);
  await scheduler.addJobs(
    Array.from({ length: COUNT }, (_, index) => ({ id: `job-${index}`, task: TASK, trigger: date(at) })),
  );
  const { backend, ahead, due } = watched({ ...place, now: () => now });
  const coordinator = new Coordinator({ backend, logger: silent });
  onTestFinished(() => coordinator.shutdown());
  await coordinator.start();

  // The store's clock stands still, so the jobs are not due before all of them are read.
  now = at.getTime() - 8_000;
  await eventually(() => expect(new Set(idsOf(ahead)).size).toBe(COUNT));
  expect(due).toEqual([]);
  const parse = vi.spyOn(JSON, 'parse');
  onTestFinished(() => parse.mockRestore());
  now = at.getTime();
  await eventually(async () => expect((await scheduler.inspect()).counts).toMatchObject({ jobs: 0, runs: COUNT }));
  // The JSON of a record has the trigger.
  expect(parse.mock.calls.filter(([text]) => text.includes(`"task":"${TASK}"`) && text.includes('"trigger"'))).toEqual(
    [],
  );
  expect(idsOf(ahead)).toHaveLength(COUNT);
  expect(new Set(idsOf(due))).toEqual(new Set(idsOf(ahead)));
});

const idsOf = (pages: readonly { readonly jobs: DuePage['jobs'] }[]) =>
  pages.flatMap(({ jobs }) => jobs.map(({ id }) => id));
