import { date } from 'carillon';
import { type RedisServer, startRedis } from 'carillon/local-redis';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { CHROMIUM, expectAccessible, type PageStage, pageStage } from '../../support/page.js';

const JOBS = 1_000_000;
const PAGE = 20_000;
/** The most rows of the list: it then goes on as a new one. */
const MOST_ROWS = 10_000;
const MINUTES = 10 * 60_000;
/** The limit of each step, which names a step that hangs. */
const STEP = 60_000;
const tasks = { report: () => null };

describe.skipIf(!CHROMIUM)('the schedules of a job store with a million jobs', { timeout: MINUTES }, () => {
  let stage: PageStage<typeof tasks>;
  let redis: RedisServer;
  const rows = (page: Page) => page.getByRole('table', { name: 'Jobs' }).locator('[data-row]');
  const rowCount = async (page: Page) =>
    Number(await page.getByRole('table', { name: 'Jobs' }).getAttribute('aria-rowcount')) - 1;

  beforeAll(async () => {
    redis = await startRedis();
    stage = await pageStage(tasks, { redis: redis.url });
    const begun = Date.UTC(2090, 0, 1);
    for (let first = 0; first < JOBS; first += PAGE) {
      const jobs = Array.from({ length: PAGE }, (_, index) => {
        const place = first + index;
        const trigger = date(new Date(begun + place * 1_000));
        return { id: `customer-${place}`, task: 'report' as const, trigger, tags: [`team:${place % 100}`] };
      });
      await stage.carillon.addJobs(jobs);
    }
  }, MINUTES);
  afterAll(async () => {
    await stage?.close();
    await redis?.stop();
  }, MINUTES);

  it('are gone through by the keyboard, page after page; the rows in sight alone are drawn', async () => {
    const page = await stage.open('#/default/schedules');
    await page.getByRole('link', { name: 'customer-0', exact: true }).waitFor({ timeout: STEP });
    await page.getByText('100 shown, more follow').waitFor();
    await expectAccessible(page);
    for (let row = 0; row < 150; row++) {
      await eventually(async () => expect(await rowCount(page)).toBeGreaterThan(row));
      await page.keyboard.press('ArrowDown');
    }
    expect(await page.evaluate('document.activeElement.textContent')).toBe('customer-149');
    expect(await rows(page).count()).toBeLessThan(60);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'customer-149' }).waitFor();
  });

  it('go on to the end, as a new list where the rows are too many', async () => {
    const page = await stage.open('#/default/schedules');
    await page.getByText('100 shown, more follow').waitFor({ timeout: STEP });
    await page.getByRole('region', { name: 'Jobs, table' }).focus();
    await eventually(async () => {
      await page.keyboard.press('End');
      expect(await rowCount(page)).toBe(MOST_ROWS);
    }, MINUTES);
    expect(await rows(page).count()).toBeLessThan(60);
    await page.keyboard.press('End');
    await page.getByRole('link', { name: `customer-${MOST_ROWS - 1}` }).waitFor();
    await page.getByRole('button', { name: 'Go on with those that follow' }).click();
    await page.getByRole('link', { name: `customer-${MOST_ROWS}` }).waitFor();
    expect(await rowCount(page)).toBe(100);
  });

  it('are searched by text and by tag, from wherever one is in the list, and counted before many are changed', async () => {
    const page = await stage.open('#/default/schedules');
    await page.getByText('100 shown, more follow').waitFor({ timeout: STEP });
    await page.locator('.table-frame').evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
    await page.getByText('200 shown, more follow').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(`customer-${JOBS - 1}`);
    await page.getByText('1 job', { exact: true }).waitFor({ timeout: STEP });
    await page.getByRole('link', { name: `customer-${JOBS - 1}` }).waitFor();
    await page.goto(`${stage.url}#/default/schedules?tags=team:7`);
    await page.getByRole('link', { name: 'customer-7', exact: true }).waitFor({ timeout: STEP });
    await page.getByRole('link', { name: 'customer-107', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Change all that match…' }).click();
    await page.getByText(`It means ${JOBS / 100} jobs`).waitFor({ timeout: STEP });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    await page.keyboard.type('no job has this');
    await page.getByText('No job matches').waitFor({ timeout: STEP });
    expect(stage.reports).toEqual([]);
  });
});
