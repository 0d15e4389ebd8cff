import { currentRun } from 'carillon';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { FAR_FROM_NOW } from '../../support/far-from-now.js';
import { Stored } from '../../support/in-process.js';
import { CHROMIUM, expectAccessible, type PageStage, pageStage } from '../../support/page.js';

const tasks = {
  report: (region: string) => ({ region }),
  broken: () => {
    throw new TypeError('no such period');
  },
  slow: async () => {
    const { signal } = currentRun();
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    signal.throwIfAborted();
  },
};

/** The other job store. Each job is in both, under the same id: a change of one is seen in that one only. */
const reports = { jobStore: 'reports' };

describe.skipIf(!CHROMIUM)('the page of two job stores, mounted at a sub-path, behind a proxy that rewrites it', () => {
  let stage: PageStage<typeof tasks>;
  const inDefault = (id: string) => stage.carillon.getJob(id, { jobStore: 'default' });
  const inReports = (id: string) => stage.carillon.getJob(id, reports);
  const act = async (page: Page, open: string, verb: string) => {
    await page.getByRole('button', { name: open, exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: verb, exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };

  beforeAll(async () => {
    stage = await pageStage(tasks, { basePath: '/ops/carillon', isProxied: true, jobStores: ['default', 'reports'] });
    const trigger = FAR_FROM_NOW;
    for (const jobStore of ['default', 'reports']) {
      const job = { task: 'report', args: ['eu'], trigger, jobStore } as const;
      await stage.carillon.addJob({
        ...job,
        id: 'same',
        name: `Same of ${jobStore}`,
        history: { perJob: 5, age: '1d' },
      });
      await stage.carillon.addJob({ ...job, id: 'gone' });
      await stage.carillon.addJob({ ...job, id: 'bulk-1', tags: ['bulk'] });
      await stage.carillon.addJob({ ...job, id: 'bulk-2', tags: ['bulk'] });
    }
  });
  afterAll(() => stage?.close());

  it('is at the path of the proxy, and shows the job store that one chooses, on each screen', async () => {
    expect(stage.url).toMatch(/\/tools\/x\/$/);
    const page = await stage.open('#/default/schedules');
    await page.getByRole('link', { name: 'Same of default' }).waitFor();
    await page.getByLabel('Job store').selectOption('reports');
    await page.getByRole('link', { name: 'Same of reports' }).waitFor();
    expect(await page.getByRole('link', { name: 'Same of default' }).count()).toBe(0);
    expect(page.url()).toContain('#/reports/schedules');
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Timeline' }).click();
    await page.getByRole('button', { name: /^Same of reports: / }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.locator('.tile', { hasText: 'Jobs' }).getByText('4', { exact: true }).waitFor();
    await page.goto(`${stage.url}#/reports/jobs/same`);
    await page.getByRole('heading', { name: 'Same of reports' }).waitFor();
    // The page leaves the view of one job: the other job store need not have that job.
    await page.getByLabel('Job store').selectOption('default');
    await page.getByRole('link', { name: 'Same of default' }).waitFor();
    await page.goto(`${stage.url}#/nowhere/schedules`);
    await page.getByRole('heading', { name: 'There is no such job store' }).waitFor();
    for (const name of ['default', 'reports']) await page.locator('main').getByRole('link', { name }).waitFor();
    await page.getByLabel('Job store').selectOption('reports');
    await page.getByRole('link', { name: 'Same of reports' }).waitFor();
    stage.reports.length = 0;
  });

  it('runs, pauses, resumes, edits and removes the job of the job store that is shown', async () => {
    const before = [await inDefault('same'), await inDefault('gone')];
    const page = await stage.open('#/reports/jobs/same');
    await page.getByRole('button', { name: 'Run now…' }).click();
    await page.getByLabel('Arguments: a JSON array').fill('["us"]');
    await page.getByRole('dialog').getByRole('button', { name: 'Run now', exact: true }).click();
    await page.getByRole('table', { name: 'History' }).getByText('{"region":"us"}').waitFor();
    await act(page, 'Pause…', 'Pause');
    expect((await inReports('same'))?.paused).toBe(true);
    await act(page, 'Resume…', 'Resume');
    expect((await inReports('same'))?.paused).toBe(false);
    await page.getByRole('button', { name: 'Edit…' }).click();
    await page.getByLabel('Description', { exact: true }).fill('of reports alone');
    await page.getByRole('button', { name: 'Preview what this changes' }).click();
    await page.locator('.consequences').getByText('of reports alone').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await inReports('same'))?.description).toBe('of reports alone');
    await page.locator('.fires button').first().click();
    await page.getByRole('dialog').getByText('will fire').first().waitFor();
    await page.keyboard.press('Escape');
    await page.goto(`${stage.url}#/reports/jobs/gone`);
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByLabel('Id of the job').fill('gone');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('heading', { name: 'Schedules' }).waitFor();
    expect(page.url()).toContain('#/reports/schedules');
    expect(await inReports('gone')).toBeUndefined();
    expect([await inDefault('same'), await inDefault('gone')]).toEqual(before);
    expect(stage.reports).toEqual([]);
  });

  it('changes many of them, and all firing of it', async () => {
    const page = await stage.open('#/reports/schedules?tags=bulk');
    await page.getByRole('button', { name: 'Change all that match…' }).click();
    await page.getByText('It means 2 jobs').waitFor();
    await page.getByLabel('Type the number of jobs').fill('2');
    await page.getByRole('button', { name: 'Pause 2 jobs' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect([(await inReports('bulk-1'))?.paused, (await inReports('bulk-2'))?.paused]).toEqual([true, true]);
    expect([(await inDefault('bulk-1'))?.paused, (await inDefault('bulk-2'))?.paused]).toEqual([false, false]);
    await page.goto(`${stage.url}#/reports/cluster`);
    await act(page, 'Pause all firing…', 'Pause all firing');
    expect((await stage.carillon.inspect(reports)).paused).toBe(true);
    expect((await stage.carillon.inspect({ jobStore: 'default' })).paused).toBe(false);
    await act(page, 'Resume all firing…', 'Resume all firing');
    expect((await stage.carillon.inspect(reports)).paused).toBe(false);
    expect(stage.reports).toEqual([]);
  });

  it('cancels a run of it, runs one again, and shows its events', async () => {
    const { carillon } = stage;
    const slow = await carillon.enqueue('slow', [], reports);
    const page = await stage.open('#/reports/runs?state=live');
    await page.getByRole('link', { name: 'slow' }).click();
    await act(page, 'Cancel the run…', 'Cancel the run');
    await eventually(async () => expect((await carillon.getRun(slow.runId, reports))?.state).toBe('cancelled'));
    const bad = await carillon.enqueue('broken', [], reports);
    await carillon.getResult(bad.runId, reports).catch(() => null);
    await page.goto(`${stage.url}#/reports/runs/${bad.runId}`);
    await act(page, 'Run again…', 'Run again');
    const again = await eventually(async () => (await carillon.explainRun(bad.runId, reports)).retriedAs);
    await page.getByRole('heading', { name: `Run ${again}` }).waitFor();
    await page.goto(`${stage.url}#/reports/events`);
    await page
      .getByRole('link', { name: `run ${again}` })
      .first()
      .waitFor();
    await page.goto(`${stage.url}#/default/events`);
    await page.getByRole('link', { name: 'same' }).first().waitFor();
    expect(await page.getByRole('link', { name: `run ${again}` }).count()).toBe(0);
    expect(stage.reports).toEqual([]);
  });

  it('puts back, and throws away, what is in its quarantine', async () => {
    const { backend } = new Stored(stage.prefix);
    const raw: Record<string, string | null> = {};
    for (const jobStore of ['default', 'reports']) {
      const { jobs, schedule, quarantine } = backend.keys(jobStore);
      raw[jobStore] = await backend.client.hget(jobs, 'bulk-1');
      const dueAt = (await backend.client.zscore(schedule, 'bulk-1')) ?? '4000000000000';
      await backend.client.hdel(jobs, 'bulk-1');
      await backend.client.zrem(schedule, 'bulk-1');
      const kept = { why: 'a test', at: 1_790_000_000_000, raw: raw[jobStore], dueAt };
      await backend.client.hset(quarantine, 'bulk-1', JSON.stringify(kept));
      await backend.client.hset(quarantine, 'junk', JSON.stringify({ ...kept, raw: 'junk' }));
    }
    const page = await stage.open('#/reports/cluster');
    const row = (name: string) =>
      page.getByRole('table', { name: 'Quarantine' }).getByRole('row').filter({ hasText: name });
    await row('bulk-1').getByRole('button', { name: 'Put back…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Put back' }).click();
    await row('bulk-1').waitFor({ state: 'detached' });
    await row('junk').getByRole('button', { name: 'Throw away…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Throw away' }).click();
    await page.getByText('Nothing is in quarantine').waitFor();
    expect(await inReports('bulk-1')).toBeDefined();
    expect(await inDefault('bulk-1')).toBeUndefined();
    expect(await stage.carillon.getQuarantined(reports)).toEqual([]);
    expect(await stage.carillon.getQuarantined({ jobStore: 'default' })).toHaveLength(2);
    expect(stage.reports).toEqual([]);
  });
});
