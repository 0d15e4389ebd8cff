import { interval, type Job } from '@carillon/core';
import { expect, test } from 'vitest';
import { captureEvents } from '../support/captured-events.js';
import { newScheduler, Stored } from '../support/in-process.js';

test('getJobs gives 250 jobs page by page, by next run time, paused ones last', async () => {
  const { prefix } = new Stored();
  const scheduler = newScheduler(prefix);
  const start = Date.now() + 3_600_000;
  const specs = Array.from({ length: 250 }, (_, index) => ({
    id: `job-${index}`,
    task: 'ping',
    trigger: interval('1h'),
    // Every fifth is paused; some share a next run time.
    nextRunTime: index % 5 === 0 ? null : new Date(start + ((index * 7919) % 100) * 1_000),
  }));
  await scheduler.addJobs(specs);
  for (const limit of [1_000, 100, 33, 7, 1]) {
    const listed: Job<unknown>[] = [];
    const sizes: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await scheduler.getJobs({ limit, cursor });
      listed.push(...(page.jobs as readonly Job<unknown>[]));
      sizes.push(page.jobs.length);
      cursor = page.cursor;
    } while (cursor !== null);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(limit);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(250);
    expect(listed).toHaveLength(250);
    const times = listed.map(({ nextRunTime }) => nextRunTime?.getTime() ?? Number.POSITIVE_INFINITY);
    expect(times).toEqual(times.toSorted((a, b) => (a === b ? 0 : a - b)));
    expect(listed.slice(-50).every(({ paused }) => paused)).toBe(true);
    expect(listed.filter(({ paused }) => paused)).toHaveLength(50);
  }
  let table = '';
  await scheduler.printJobs({
    write: (text) => {
      table += text;
    },
  });
  const lines = table.trimEnd().split('\n');
  expect(lines).toHaveLength(251);
  expect(lines[0]).toMatch(/^ID +TASK +NEXT RUN TIME +TRIGGER +EXECUTOR$/);
  expect(lines.at(-1)).toMatch(/^job-\d+ +ping +paused +interval\[1h\] +default$/);
});

test('addJobs adds 3,000 jobs, each with its event, and removeAllJobs removes them', async () => {
  const stored = new Stored();
  const scheduler = newScheduler(stored.prefix);
  const events = await captureEvents(scheduler);
  const specs = Array.from({ length: 3_000 }, (_, index) => ({
    id: `job-${index}`,
    task: 'ping',
    args: [index],
    trigger: interval('1h'),
  }));
  const began = performance.now();
  const jobs = await scheduler.addJobs(specs);
  const tookMs = performance.now() - began;
  console.info(`3,000 jobs in ${Math.round(tookMs)} ms`);
  expect(jobs.map(({ id, args }) => [id, args[0]])).toEqual(specs.map(({ id, args }) => [id, args[0]]));
  await events.count('job_added', 3_000);
  await events.upToDate();
  expect(events.incomplete).toEqual([]);
  const found = await scheduler.getJobs({ limit: 10_000 });
  expect(found.jobs).toHaveLength(3_000);
  expect(found.cursor).toBeNull();
  expect(await scheduler.getJob('job-2999')).toMatchObject({ args: [2_999] });

  expect(await scheduler.removeAllJobs()).toBe(3_000);
  expect(await events.first('all_jobs_removed')).toMatchObject({ count: 3_000 });
  await events.count('job_removed', 3_000);
  expect(await scheduler.removeAllJobs()).toBe(0);
  const left = (await stored.keys()).filter((key) => !key.includes(':op:'));
  expect(left.map((key) => key.replace(/.*:/, '')).sort()).toEqual(['format', 'log', 'rev', 'seq']);
});
