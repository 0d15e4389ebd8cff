import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { FAR_FROM_NOW, farFireAfter } from '../../support/far-from-now.js';
import { CHROMIUM, expectAccessible, type PageStage, pageStage } from '../../support/page.js';

const tasks = { report: (region: string) => ({ region }) };

describe.skipIf(!CHROMIUM)(
  'the page at a sub-path, of one of two job stores, for callers of all jobs and of one tag',
  () => {
    let stage: PageStage<typeof tasks>;
    const trigger = FAR_FROM_NOW;
    const rows = (page: Page) => page.getByRole('table', { name: 'Jobs' }).locator('[data-row]');

    beforeAll(async () => {
      const limited = { actor: 'tim', role: 'operator', tags: ['mine'] } as const;
      stage = await pageStage(tasks, { basePath: '/ops/carillon', jobStores: ['default', 'reports'], limited });
      const { carillon } = stage;
      const job = { task: 'report', args: ['eu'], trigger } as const;
      await carillon.addJob({ ...job, id: 'mine', name: 'My report', tags: ['mine'] });
      await carillon.addJob({ ...job, id: 'foreign', name: 'Another report', tags: ['others'] });
      await carillon.addJob({
        ...job,
        id: 'other',
        name: 'Report of the other store',
        tags: ['mine'],
        jobStore: 'reports',
      });
    });
    afterAll(() => stage?.close());

    it('shows a caller of one tag the jobs of that tag, which it runs; others are not there', async () => {
      const page = await stage.open('#/default/schedules', { as: 'limited' });
      await page.getByRole('row', { name: /My report/ }).waitFor();
      expect(await rows(page).count()).toBe(1);
      await page.getByRole('link', { name: 'My report' }).click();
      await page.getByRole('button', { name: 'Run now…' }).click();
      await page
        .getByRole('dialog')
        .getByLabel(/^Reason/)
        .fill('asked for');
      await page.getByRole('dialog').getByRole('button', { name: 'Run now', exact: true }).click();
      await page.getByRole('table', { name: 'History' }).getByText('executed').waitFor();
      const [submitted] = (await stage.carillon.getEvents({ types: ['job_submitted'], jobId: 'mine' })).events;
      expect(submitted).toMatchObject({ actor: 'tim', reason: 'asked for' });
      expect(await page.getByRole('button', { name: 'Edit…' }).count()).toBe(0);
      await page.goto(`${stage.url}#/default/jobs/foreign`);
      await page.getByRole('alert').getByText('foreign').waitFor();
      await page.goto(`${stage.url}#/default/cluster`);
      await page.getByText('This is about the whole job store').waitFor();
      await expectAccessible(page);
      // The page does not offer what the console refuses.
      await page.goto(stage.url);
      await page.getByRole('heading', { name: 'Schedules' }).waitFor();
      expect(await page.getByRole('button', { name: 'Change all that match…' }).count()).toBe(0);
      expect(await page.getByRole('navigation', { name: 'Screens' }).getByRole('link').allTextContents()).toEqual([
        'Schedules',
        'Timeline',
        'Runs',
        'Events',
      ]);
      await page.goto(`${stage.url}#/default/timeline`);
      await page.getByRole('button', { name: /^My report: / }).waitFor();
      expect(await page.getByRole('region', { name: 'Forecast' }).count()).toBe(0);
      expect(await page.getByRole('alert').count()).toBe(0);
      expect(stage.reports.filter((text) => !text.includes('status of 40'))).toEqual([]);
    });

    it('pauses a job until a time, with a reason that its changes show', async () => {
      const page = await stage.open('#/default/jobs/foreign');
      const year = new Date().getUTCFullYear() + 1;
      await page.getByRole('button', { name: 'Pause…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('radio', { name: /Until a time/ }).check();
      expect(await dialog.getByRole('button', { name: 'Pause', exact: true }).isDisabled()).toBe(true);
      await dialog.getByLabel(/^Until, by the clock of Europe\/Berlin/).fill(`${year}-02-01T12:00`);
      await dialog.getByLabel(/^Reason/).fill('month end');
      await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
      const until = farFireAfter(new Date(`${year}-02-01T11:00:00Z`));
      expect((await stage.carillon.getJob('foreign'))?.nextRunTime).toEqual(until);
      await eventually(async () => {
        const { events } = await stage.carillon.getEvents({ types: ['job_modified'], jobId: 'foreign' });
        expect(events).toMatchObject([{ actor: 'ann', reason: 'month end', nextRunTime: until }]);
      });
      const changes = page.getByRole('region', { name: 'Changes' });
      await changes.getByText('“month end”').waitFor();
      await changes.getByText('by ann').first().waitFor();
    });
  },
);
