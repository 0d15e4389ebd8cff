import { cron, interval } from 'carillon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { hourIn } from '../../support/far-from-now.js';
import { CHROMIUM, expectAccessible, type PageStage, pageStage } from '../../support/page.js';

const HOSTILE = '<img src=x onerror=alert(1)>"\'&{{7*7}}</script>';

const tasks = {
  quick: () => null,
  fails: () => {
    throw new TypeError(HOSTILE);
  },
};

describe.skipIf(!CHROMIUM)('the timeline of the page', () => {
  let stage: PageStage<typeof tasks>;
  beforeAll(async () => {
    stage = await pageStage(tasks);
  });
  afterAll(() => stage?.close());

  it('shows what was and what is to come in one band, marks clock changes, and explains a click', async () => {
    const { carillon } = stage;
    await carillon.addJob({ id: 'hourly', name: HOSTILE, task: 'quick', trigger: interval('1h') });
    // It fires every eight hours, for the first time in three to four.
    const hours = [4, 12, 20].map((more) => hourIn(more, 'Europe/Berlin'));
    const trigger = cron(`0 ${hours.join(',')} * * *`, { timezone: 'Europe/Berlin' });
    await carillon.addJob({ id: 'failing', task: 'fails', trigger, nextRunTime: new Date(Date.now() + 200) });
    await expect
      .poll(async () => (await carillon.getJob('failing'))?.lastRun?.outcome, { timeout: 30_000 })
      .toBe('error');
    const page = await stage.open('#/default/timeline');
    await page.getByRole('button', { name: /failing: .*1 failed.*to come/ }).waitFor();
    await page.getByRole('button', { name: /12 to come|11 to come|13 to come/ }).waitFor();
    await expectAccessible(page);

    await page.getByRole('button', { name: /failing: / }).press('Enter');
    await page.getByRole('dialog').getByText('TypeError').first().waitFor();
    await page.keyboard.press('Escape');
    const band = page.getByRole('button', { name: /failing: / });
    await band.click({ position: { x: 3, y: 10 } });
    await page.getByRole('dialog').getByRole('status').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');

    await page.getByLabel('Show a').selectOption('year');
    await page.getByText('The clock of Europe/Berlin is changed at').waitFor();
    expect(page.url()).toContain('span=year');
    for (let times = 0; times < 2; times++) await page.getByRole('button', { name: 'Later' }).click();
    await page.getByRole('button', { name: /failing: \d+ to come/ }).waitFor();
    await page.getByRole('button', { name: 'Now' }).click();
    await page.getByRole('button', { name: /failing: \d+/ }).waitFor();
    await page.getByLabel('Jobs with').pressSequentially('nothing of ');
    // The screen is drawn again while a user types, as it is when a job is added.
    await page.getByRole('button', { name: 'Later' }).dispatchEvent('click');
    await page.getByLabel('Jobs with').pressSequentially('this name');
    expect(await page.getByLabel('Jobs with').inputValue()).toBe('nothing of this name');
    await page.getByLabel('Jobs with').press('Enter');
    await page.getByText('No jobs').waitFor();
    expect(stage.reports).toEqual([]);
  });

  it('shows a job that fires each 2 s for all of a day, a year and a minute, and explains a cell of it', async () => {
    const { carillon } = stage;
    await carillon.addJob({ id: 'dense', task: 'quick', trigger: interval('2s') });
    await expect
      .poll(async () => (await carillon.getJob('dense'))?.lastRun?.executed, { timeout: 60_000 })
      .toBeGreaterThan(1);
    const page = await stage.open('#/default/timeline?text=dense');
    // Half a day lies ahead: 21,600 fire times, apart from the edge of the cells.
    const band = page.getByRole('button', { name: /^dense: / });
    await expect
      .poll(async () => Number(/(\d+) to come/.exec((await band.getAttribute('aria-label')) ?? '')?.[1]))
      .toBeGreaterThan(21_000);
    await page.getByLabel('Show a').selectOption('year');
    await expect
      .poll(async () => Number(/(\d+) to come/.exec((await band.getAttribute('aria-label')) ?? '')?.[1]))
      .toBeGreaterThan(7_500_000);
    await page.getByLabel('Show a').selectOption('minute');
    // On a busy machine runs begin late, and fewer fires are to come once the page has asked. It then asks for the present minute.
    await eventually(async () => {
      await page.getByRole('button', { name: 'Now' }).click();
      const found = page.getByRole('button', { name: /^dense: .*\d (executed|late).*\D\d{1,2} to come/ });
      await found.waitFor({ timeout: 5_000 });
    });
    await expectAccessible(page);
    await band.click({ position: { x: ((await band.boundingBox())?.width ?? 0) - 8, y: 10 } });
    await page.getByRole('dialog').getByRole('status').waitFor();
    await page.keyboard.press('Escape');
    await carillon.removeJob('dense');
    expect(stage.reports).toEqual([]);
  });

  it('forecasts fires and slots for a day and a week, and names the worst minutes', async () => {
    const page = await stage.open('#/default/timeline');
    const forecast = page.getByRole('region', { name: 'Forecast' });
    await forecast.getByRole('img', { name: /Fires a minute of default/ }).waitFor();
    await forecast.getByRole('img', { name: /Slots taken of default/ }).waitFor();
    await forecast
      .getByRole('table', { name: 'The worst minutes' })
      .getByRole('link', { name: 'hourly' })
      .first()
      .waitFor();
    await forecast.getByRole('button', { name: '7 days' }).click();
    await forecast.getByRole('button', { name: '7 days', pressed: true }).waitFor();
    await forecast.getByText(/2 jobs fire from/).waitFor();
    expect(stage.reports).toEqual([]);
  });
});
