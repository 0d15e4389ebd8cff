import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { FAR_CLOCK, FAR_FROM_NOW } from '../../support/far-from-now.js';
import { CHROMIUM, expectAccessible, type PageStage, pageStage } from '../../support/page.js';

const JOBS = 150;
const tasks = {
  report: () => ({ pages: 3 }),
  broken: () => {
    throw new TypeError('no such period');
  },
};

describe.skipIf(!CHROMIUM)('the screen of schedules', () => {
  let stage: PageStage<typeof tasks>;
  const rows = (page: Page) => page.getByRole('table', { name: 'Jobs' }).locator('[data-row]');
  const job = (id: string) => stage.carillon.getJob(id);

  beforeAll(async () => {
    stage = await pageStage(tasks);
    const { carillon } = stage;
    const trigger = FAR_FROM_NOW;
    const bulk = Array.from({ length: JOBS }, (_, place) => `bulk-${String(place).padStart(3, '0')}`);
    await carillon.addJobs(bulk.map((id) => ({ id, task: 'report' as const, trigger, tags: ['bulk'] })));
    await carillon.addJob({ id: 'good', name: 'Good report', task: 'report', trigger, tags: ['eu', 'few'] });
    await carillon.addJob({ id: 'bad', name: 'Bad report', task: 'broken', trigger, tags: ['few'] });
    await carillon.addJob({ id: 'held', name: 'Held report', task: 'report', trigger, tags: ['few'] });
    await carillon.as({ actor: 'bob', reason: 'month end' }).pauseJob('held');
    for (let times = 0; times < 3; times++) {
      const runs = await Promise.all([carillon.runJob('good'), carillon.runJob('bad')]);
      await Promise.all(runs.map(({ runId }) => carillon.getResult(runId).catch(() => {})));
    }
  });
  afterAll(() => stage?.close());

  it('lists jobs: trigger in words, next run in both zones, last outcome, the last 30 outcomes, who paused it and why', async () => {
    const page = await stage.open('#/default/schedules?tags=few');
    const good = page.getByRole('row', { name: /Good report/ });
    await good.getByText(`At ${FAR_CLOCK}, in America/New_York`).waitFor();
    await good
      .getByText(/ CES?T/)
      .first()
      .waitFor();
    await good.getByText(new RegExp(`${FAR_CLOCK}:00 .*America/New_York`)).waitFor();
    await good.locator('.badge', { hasText: 'executed' }).waitFor();
    await good.getByRole('img', { name: 'Last outcomes: 3 executed' }).waitFor();
    const bad = page.getByRole('row', { name: /Bad report/ });
    await bad.locator('.badge', { hasText: 'error' }).waitFor();
    await bad.getByRole('img', { name: 'Last outcomes: 3 error' }).waitFor();
    await page
      .getByRole('row', { name: /Held report/ })
      .getByText('by bob: month end')
      .waitFor();
    await expectAccessible(page);
  });

  it('draws the rows in sight alone, and loads those that follow as one scrolls', async () => {
    const page = await stage.open('#/default/schedules');
    await rows(page).first().waitFor();
    const table = page.getByRole('table', { name: 'Jobs' });
    expect(await rows(page).count()).toBeLessThan(60);
    await eventually(async () => {
      await page.locator('.table-frame').evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
      expect(await table.getAttribute('aria-rowcount')).toBe(String(JOBS + 3 + 1));
    });
    expect(await rows(page).count()).toBeLessThan(60);
    await page.getByText(`${JOBS + 3} jobs`).waitFor();
  });

  it('is searched by the keyboard, filtered, and gone through by the arrows; the address has all of it', async () => {
    const page = await stage.open('#/default/schedules');
    await rows(page).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('good rep');
    await page.getByText('1 job', { exact: true }).waitFor();
    expect(page.url()).toContain('text=good');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Good report' }).waitFor();

    await page.goto(`${stage.url}#/default/schedules`);
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByLabel('Last outcome').selectOption('error');
    await page.getByText('1 job', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Bad report' }).waitFor();
    await page.getByRole('link', { name: 'Paused' }).click();
    await page.getByRole('link', { name: 'Held report' }).waitFor();
    await page.getByRole('textbox', { name: 'Tags' }).fill('nobody');
    await page.getByText('No job matches').waitFor();
    await expectAccessible(page);
  });

  it('keeps what is typed while the search goes into the address, and after a pause in the middle of words', async () => {
    const page = await stage.open('#/default/schedules');
    await rows(page).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('good ');
    await page.waitForURL(/text=good$/);
    await page.getByText('1 job', { exact: true }).waitFor();
    await page.keyboard.type('rep');
    await page.waitForURL(/text=good\+rep$/);
    expect(await page.locator('input[type=search]').inputValue()).toBe('good rep');
    // The last letter is typed at the very moment the address changes. A slower test would not show this each time.
    await page.evaluate(`{
      const replace = history.replaceState;
      history.replaceState = (...change) => {
        history.replaceState = replace;
        history.replaceState(...change);
        const field = document.querySelector('input[type=search]');
        field.value += 'd';
        field.dispatchEvent(new Event('input', { bubbles: true }));
      };
    }`);
    await page.locator('input[type=search]').fill('hel');
    await page.waitForURL(/text=held$/);
    expect(await page.locator('input[type=search]').inputValue()).toBe('held');
  });

  it('keeps views', async () => {
    const page = await stage.open('#/default/schedules?tags=eu');
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByLabel('Name of the view').fill('Europe');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.goto(`${stage.url}#/default/schedules`);
    await page.reload();
    await page.getByRole('link', { name: 'Europe' }).click();
    await page.getByText('1 job', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Forget this view' }).click();
    expect(await page.getByRole('link', { name: 'Europe' }).count()).toBe(0);
  });

  it('pauses, resumes, runs and removes all that match, once their number was typed', async () => {
    const page = await stage.open('#/default/schedules?tags=bulk&text=bulk-00');
    const change = async (verb: string, reason: string) => {
      await page.getByRole('button', { name: 'Change all that match…' }).click();
      await page.getByText('It means 10 jobs').waitFor();
      await page.getByRole('radio', { name: new RegExp(`^${verb}`) }).check();
      const button = page.getByRole('button', { name: `${verb} 10 jobs` });
      await page.getByLabel('Type the number of jobs').fill('11');
      expect(await button.isDisabled()).toBe(true);
      await page.getByLabel('Type the number of jobs').fill('10');
      await page.getByLabel(/^Reason/).fill(reason);
      if (verb === 'Pause') await expectAccessible(page);
      await button.click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await change('Pause', 'freeze');
    expect((await job('bulk-009'))?.paused).toBe(true);
    expect((await job('bulk-010'))?.paused).toBe(false);
    const [event] = (await stage.carillon.getEvents({ types: ['job_paused'], jobId: 'bulk-009' })).events;
    expect(event).toMatchObject({ actor: 'ann', reason: 'freeze' });
    await page.getByText('by ann: freeze').first().waitFor();
    await change('Resume', 'thaw');
    expect((await job('bulk-009'))?.paused).toBe(false);
    await change('Run now', 'again');
    await eventually(async () => expect((await job('bulk-004'))?.lastRun?.outcome).toBe('executed'));
    await change('Remove', 'gone');
    expect(await job('bulk-000')).toBeUndefined();
    expect(await job('bulk-010')).toBeDefined();
    await page.getByText('No job matches').waitFor();
  });

  it('offers no change to a caller who may only read; says what is wrong with a filter; fits a phone', async () => {
    const viewport = { width: 390, height: 800 };
    const page = await stage.open('#/default/schedules', { as: 'viewer', viewport });
    await rows(page).first().waitFor();
    expect(await page.getByRole('button', { name: /Change all/ }).count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
    await expectAccessible(page);
    await page.goto(`${stage.url}#/default/schedules?state=nonsense`);
    await page.getByRole('alert').getByText('state').waitFor();
  });

  it('follows what happens', async () => {
    const page = await stage.open('#/default/schedules?text=late%20comer');
    await page.getByText('No job matches').waitFor();
    await stage.carillon.addJob({ id: 'late', name: 'Late comer', task: 'report', nextRunTime: null });
    await page.getByRole('link', { name: 'Late comer' }).waitFor();
    expect(stage.reports).toEqual(stage.reports.filter((text) => text.includes('status of 4')));
  });
});
