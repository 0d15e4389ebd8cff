import { currentRun } from 'carillon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { CHROMIUM, expectAccessible, type PageStage, pageStage } from '../../support/page.js';

const HOSTILE = '<img src=x onerror=alert(1)>"\'&{{7*7}}</script>';

const tasks = {
  quick: (value: string) => ({ value }),
  fails: () => {
    throw new TypeError(HOSTILE);
  },
  slow: async () => {
    const { signal, progress } = currentRun();
    await progress({ at: HOSTILE });
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    signal.throwIfAborted();
  },
};

describe.skipIf(!CHROMIUM)('the runs of the page', () => {
  let stage: PageStage<typeof tasks>;
  beforeAll(async () => {
    stage = await pageStage(tasks);
  });
  afterAll(() => stage?.close());

  it('are listed live and ended, by state and by job; each opens', async () => {
    const { carillon } = stage;
    const good = await carillon.enqueue('quick', [HOSTILE]);
    const bad = await carillon.enqueue('fails');
    await carillon.getResult(good.runId);
    await carillon.getResult(bad.runId).catch(() => null);
    const page = await stage.open('#/default/runs');
    const table = page.getByRole('table', { name: 'Runs' });
    await table.getByRole('link', { name: 'quick' }).waitFor();
    await table.getByText(HOSTILE).first().waitFor();
    expect(await table.getByRole('link', { name: 'fails' }).count()).toBe(1);
    await expectAccessible(page);
    await page.getByLabel('State').selectOption('error');
    await table.getByRole('link', { name: 'quick' }).waitFor({ state: 'detached' });
    expect(page.url()).toContain('state=error');
    const slow = await carillon.enqueue('slow');
    await page.getByLabel('State').selectOption('live');
    await table.getByRole('link', { name: 'slow' }).waitFor();
    await table.getByText('progress').waitFor();
    await page.getByLabel('Task').fill('nothing');
    await page.getByLabel('Task').press('Enter');
    await page.getByText('No runs').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'All runs' }).click();
    await page.keyboard.press('Escape');
    await table.getByRole('link', { name: 'slow' }).click();
    await page.getByRole('heading', { name: `Run ${slow.runId}` }).waitFor();
    await carillon.cancelRun(slow.runId);
  });

  it('show their lives, and are cancelled, and run again', async () => {
    const { carillon } = stage;
    const slow = await carillon.enqueue('slow');
    const page = await stage.open(`#/default/runs/${slow.runId}`);
    const life = page.getByRole('table', { name: 'Life of the run' });
    await life.getByText('running').waitFor();
    await page.getByRole('heading', { name: 'Progress' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Cancel the run…' }).click();
    await page.getByLabel(/Reason/).fill('takes too long');
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
    await life.getByText('cancelled').waitFor();
    expect((await carillon.getRun(slow.runId))?.state).toBe('cancelled');
    const { events } = await carillon.getEvents({ types: ['job_cancelled'], runId: slow.runId });
    expect(events).toMatchObject([{ actor: 'ann', reason: 'takes too long' }]);

    const bad = await carillon.enqueue('fails');
    await carillon.getResult(bad.runId).catch(() => null);
    await page.goto(`${stage.url}#/default/runs/${bad.runId}`);
    await page.locator('pre', { hasText: `TypeError: ${HOSTILE}` }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Run again…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Run again' }).click();
    await page.getByText('In place of').waitFor();
    const again = await eventually(async () => (await carillon.explainRun(bad.runId)).retriedAs);
    await page.getByRole('heading', { name: `Run ${again}` }).waitFor();
    expect(stage.reports).toEqual([]);
  });

  it('say what to do where there is no such run', async () => {
    const page = await stage.open('#/default/runs/nothing');
    await page.getByRole('alert').waitFor();
    await expectAccessible(page);
    stage.reports.length = 0;
  });
});
