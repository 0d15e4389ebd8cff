import { cron, currentRun, date, interval } from 'carillon';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { FAR_FROM_NOW, farFireAfter } from '../../support/far-from-now.js';
import { CHROMIUM, expectAccessible, type PageStage, pageStage } from '../../support/page.js';

const tasks = {
  report: async (region: string) => {
    await currentRun().progress({ done: 1 });
    return { region };
  },
  broken: () => {
    throw new TypeError('no such period');
  },
};

/** Whether the start of an element is in sight, and nothing covers it. */
function isInSight(page: Page, selector: string): Promise<boolean> {
  return page.locator(selector).evaluate((element) => {
    const { left, top } = element.getBoundingClientRect();
    const there = element.ownerDocument.elementFromPoint(left + 3, top + 3);
    return there !== null && (element === there || element.contains(there) || there.contains(element));
  });
}

describe.skipIf(!CHROMIUM)('the screen of a job', () => {
  let stage: PageStage<typeof tasks>;
  const trigger = FAR_FROM_NOW;
  const job = (id: string) => stage.carillon.getJob(id);
  const act = async (page: Page, open: string, verb: string) => {
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Reason/).fill(`${open} it`);
    await dialog.getByRole('button', { name: verb, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  };

  beforeAll(async () => {
    stage = await pageStage(tasks);
    const { carillon } = stage;
    const history = { perJob: 10, age: '1d' } as const;
    await carillon.addJob({ id: 'good/1', name: 'Good report', task: 'report', args: ['eu'], trigger, history });
    await carillon.addJob({ id: 'bad', name: 'Bad report', task: 'broken', trigger });
    await carillon
      .as({ actor: 'bob', reason: 'first' })
      .modifyJob('good/1', { priority: 7, description: 'For the board' });
    const runs = await Promise.all([carillon.runJob('good/1'), carillon.runJob('bad')]);
    await Promise.all(runs.map(({ runId }) => carillon.getResult(runId).catch(() => {})));
  });
  afterAll(() => stage?.close());

  it('shows definition, arguments, policy, the next 20 fires with clock changes, history and changes', async () => {
    const page = await stage.open('#/default/jobs/good%2F1');
    await page.getByRole('heading', { name: 'Good report' }).waitFor();
    await page.getByText('For the board').first().waitFor();
    await page.getByText('default, priority 7').waitFor();
    await page.locator('pre').getByText('"eu"').waitFor();
    await eventually(async () => expect(await page.locator('.fires li').count()).toBe(20));
    expect(await page.locator('.fires li').first().textContent()).toContain('America/New_York');
    const history = page.getByRole('table', { name: 'History' });
    await history.getByText('executed').waitFor();
    await history.getByText('{"region":"eu"}').waitFor();
    await history
      .getByText(/\d ms|\d s/)
      .first()
      .waitFor();
    const changes = page.getByRole('region', { name: 'Changes' });
    await changes.getByText('by bob').waitFor();
    await changes.getByText('“first”').waitFor();
    await changes.getByText('priority').waitFor();
    await expectAccessible(page);
    await page.goto(`${stage.url}#/default/jobs/bad`);
    await page.getByText('no such period').waitFor();
  });

  it('marks fires before which the clock changes', async () => {
    const year = new Date().getUTCFullYear() + 1;
    const trigger = cron({ year, month: '10,11', day: '20-31', hour: 2, minute: 30 }, { timezone: 'Europe/Berlin' });
    await stage.carillon.addJob({ id: 'autumn', task: 'report', args: ['eu'], trigger });
    const page = await stage.open('#/default/jobs/autumn');
    await page.getByText(/The clock of Europe\/Berlin changes before this: GMT\+02:00 → GMT\+01:00/).waitFor();
    await expectAccessible(page);
  });

  it('explains a fire that is clicked, a run, and a time that is typed', async () => {
    const page = await stage.open('#/default/jobs/good%2F1');
    await page.locator('.fires button').first().click();
    await page.getByRole('dialog').getByText('will fire').first().waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('table', { name: 'History' }).getByRole('button').first().click();
    await page.getByRole('dialog').getByText('executed').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Explain a time…' }).click();
    await page.getByRole('textbox', { name: /An instant/ }).fill('2020-02-30T02:30Z');
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.getByRole('textbox', { name: /An instant/ }).fill('2020-02-20T02:30Z');
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await page
      .getByRole('dialog')
      .locator('.badge', { hasText: /not existing|unknown before/ })
      .waitFor();
  });

  it('runs it now, with other arguments', async () => {
    const page = await stage.open('#/default/jobs/good%2F1');
    await page.getByRole('button', { name: 'Run now…' }).click();
    await page.getByLabel('Arguments: a JSON array').fill('["us"');
    await page.getByRole('button', { name: 'Run now', exact: true }).click();
    await page.getByRole('alert').getByText('is not JSON').waitFor();
    await page.getByLabel('Arguments: a JSON array').fill('["us"]');
    await expectAccessible(page);
    await act(page, 'run', 'Run now');
    await page.getByRole('table', { name: 'History' }).getByText('{"region":"us"}').waitFor();
    const [submitted] = (await stage.carillon.getEvents({ types: ['job_submitted'], jobId: 'good/1' })).events;
    expect(submitted).toMatchObject({ actor: 'ann', reason: 'run it' });
  });

  it('pauses it, resumes it, and pauses it until a time', async () => {
    const page = await stage.open('#/default/jobs/bad');
    await page.getByRole('button', { name: 'Pause…' }).click();
    await act(page, 'pause', 'Pause');
    expect((await job('bad'))?.paused).toBe(true);
    await page.getByRole('button', { name: 'Resume…' }).click();
    await act(page, 'resume', 'Resume');
    expect((await job('bad'))?.paused).toBe(false);
    const year = new Date().getUTCFullYear() + 1;
    await page.getByRole('button', { name: 'Pause…' }).click();
    await page.getByRole('radio', { name: /Until a time/ }).check();
    await page.getByLabel(/^Until, by the clock of Europe\/Berlin/).fill(`${year}-02-01T12:00`);
    await act(page, 'pause', 'Pause');
    expect((await job('bad'))?.nextRunTime).toEqual(farFireAfter(new Date(`${year}-02-01T11:00:00Z`)));
    await page.getByRole('region', { name: 'Changes' }).getByText('“pause it”').first().waitFor();
  });

  it('is edited after a look at the consequences, and only as it was then', async () => {
    await stage.carillon.addJob({ id: 'edited', task: 'report', args: ['eu'], trigger });
    const page = await stage.open('#/default/jobs/edited');
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await page.getByRole('button', { name: 'Edit…' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Edited');
    await page.getByLabel('Trigger').fill('{"type":"cron","expression":"99 * * * *"}');
    await page.getByRole('button', { name: 'Preview what this changes' }).click();
    await page.getByRole('alert').getByText('99').waitFor();
    expect(await save.isDisabled()).toBe(true);
    await page.getByLabel('Trigger').fill('{"type":"cron","expression":"45 2 * * *","timezone":"Asia/Tokyo"}');
    await page.getByRole('button', { name: 'Preview what this changes' }).click();
    const lists = page.locator('.fire-list');
    await lists.first().getByText('02:45:00 GMT+9 · Asia/Tokyo').first().waitFor();
    await lists.last().getByText('· America/New_York').first().waitFor();
    const other = JSON.stringify({ type: 'cron', expression: '45 2 * * *', timezone: 'America/New_York' });
    await page.getByLabel('Trigger').fill(other);
    await page.getByRole('button', { name: 'Preview what this changes' }).click();
    await page.getByText('Fires gained, of the next 10').waitFor();
    await page.getByText('Fires lost, of the next 10').waitFor();
    await expectAccessible(page);
    for (const viewport of [
      { width: 1280, height: 900 },
      { width: 1280, height: 600 },
      { width: 390, height: 800 },
    ]) {
      await page.setViewportSize(viewport);
      // The result of another preview is in sight, and so is the button that saves it.
      await page.getByLabel('Name', { exact: true }).fill('Edited once more');
      await page.getByRole('button', { name: 'Preview what this changes' }).click();
      await eventually(async () => {
        expect(await isInSight(page, '.consequences .difference')).toBe(true);
        expect(await isInSight(page, '.dialog footer .primary')).toBe(true);
      });
      await page.getByLabel('Name', { exact: true }).fill('Edited');
      await page.getByRole('button', { name: 'Preview what this changes' }).click();
      await page.getByText('Fires gained, of the next 10').waitFor();
    }
    expect((await job('edited'))?.name).toBe('edited');
    await act(page, 'edit', 'Save');
    expect(await job('edited')).toMatchObject({ name: 'Edited', trigger: { expression: '45 2 * * *' }, args: ['eu'] });

    await page.getByRole('button', { name: 'Edit…' }).click();
    await page.getByLabel('Arguments: a JSON array').fill('["us"]');
    await page.getByRole('button', { name: 'Preview what this changes' }).click();
    await page.locator('.consequences').getByText('args').waitFor();
    await stage.carillon.modifyJob('edited', { priority: 3 });
    await save.click();
    await page.getByRole('dialog').getByRole('alert').getByText('Another user changed it meanwhile').waitFor();
    expect((await job('edited'))?.args).toEqual(['eu']);
  });

  it('shows the error of a fire, also where nothing but failures is kept', async () => {
    const nextRunTime = new Date();
    await stage.carillon.addJob({ id: 'failing', task: 'broken', trigger: interval('1h'), nextRunTime });
    const page = await stage.open('#/default/jobs/failing');
    await page.getByRole('table', { name: 'History' }).getByText('no such period').waitFor();
  });

  it('explains a fire that was run again, with links to both runs', async () => {
    const { carillon } = stage;
    await carillon.addJob({ id: 'twice', task: 'broken', trigger: interval('1h'), nextRunTime: new Date() });
    const failed = async () => (await carillon.getRuns({ jobId: 'twice' })).runs;
    await eventually(async () => expect(await failed()).toHaveLength(1));
    const [first] = await failed();
    const { runs } = await carillon.retryRuns({ jobId: 'twice' }, { expected: 1 });
    await runs[0]?.result().catch(() => {});
    const page = await stage.open('#/default/jobs/twice');
    await page.getByRole('table', { name: 'History' }).getByRole('button').last().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('link', { name: `Run ${first?.runId}` }).waitFor();
    await dialog.getByText('ran it again').first().waitFor();
    await expectAccessible(page);
    await dialog.getByRole('link', { name: runs[0]?.runId ?? '', exact: true }).click();
    await page.getByRole('heading', { name: `Run ${runs[0]?.runId}` }).waitFor();
  });

  it('offers nothing to be done with a job that another user removed', async () => {
    await stage.carillon.addJob({ id: 'fleeting', task: 'report', args: ['eu'], trigger });
    const page = await stage.open('#/default/jobs/fleeting');
    await page.getByRole('button', { name: 'Run now…' }).waitFor();
    await stage.carillon.removeJob('fleeting');
    await page.getByRole('alert').getByText('was removed').waitFor();
    await page.getByRole('button', { name: 'Run now…' }).waitFor({ state: 'detached' });
    await page.getByText('America/New_York').first().waitFor();
    await stage.carillon.addJob({ id: 'fleeting', task: 'report', args: ['eu'], trigger });
    await page.getByRole('button', { name: 'Run now…' }).waitFor();
  });

  it('is removed once its id was typed; what is not there is said', async () => {
    await stage.carillon.addJob({ id: 'gone', task: 'report', args: ['eu'], trigger: date('2090-01-01T00:00:00Z') });
    const page = await stage.open('#/default/jobs/gone');
    await page.getByRole('button', { name: 'Remove…' }).click();
    expect(await page.getByRole('button', { name: 'Remove', exact: true }).isDisabled()).toBe(true);
    await page.getByLabel('Id of the job').fill('gone');
    await act(page, 'remove', 'Remove');
    expect(await job('gone')).toBeUndefined();
    await page.getByRole('heading', { name: 'Schedules' }).waitFor();
    await page.goto(`${stage.url}#/default/jobs/gone`);
    await page.getByRole('alert').getByText('gone').waitFor();
    await expectAccessible(page);
  });

  it('offers a caller who may only read nothing but to look', async () => {
    const page = await stage.open('#/default/jobs/bad', { as: 'viewer' });
    await page.getByRole('button', { name: 'Explain a time…' }).waitFor();
    for (const name of ['Run now…', 'Pause…', 'Edit…', 'Remove…']) {
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    }
    expect(stage.reports.filter((text) => !text.includes('status of 4'))).toEqual([]);
  });
});
