import { currentRun, date } from 'carillon';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { FAR_FROM_NOW } from '../../support/far-from-now.js';
import { CHROMIUM, type PageStage, pageStage } from '../../support/page.js';

const JOBS = 650;
/** The arguments of each call of `report`. */
const seen: unknown[][] = [];
const tasks = {
  report: (...args: unknown[]) => {
    seen.push(args);
  },
  slow: async () => {
    const { signal } = currentRun();
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    signal.throwIfAborted();
  },
};

describe.skipIf(!CHROMIUM)('controls of the page', () => {
  let stage: PageStage<typeof tasks>;
  const trigger = FAR_FROM_NOW;
  const table = (page: Page) => page.getByRole('table', { name: 'Jobs' });
  const rowCount = async (page: Page) => Number(await table(page).getAttribute('aria-rowcount')) - 1;
  const scrollDown = (page: Page) =>
    page.locator('.table-frame').evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));

  beforeAll(async () => {
    stage = await pageStage(tasks);
    const ids = Array.from({ length: JOBS }, (_, place) => `row-${String(place).padStart(3, '0')}`);
    await stage.carillon.addJobs(ids.map((id) => ({ id, task: 'report' as const, trigger })));
  });
  afterAll(() => stage?.close());

  it('skip the navigation, and close a dialog without a change', async () => {
    const page = await stage.open('#/default/jobs/row-000');
    await page.getByRole('button', { name: 'Pause…' }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Skip to the screen' }).press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    for (const how of ['Cancel', 'Close']) {
      await page.getByRole('button', { name: 'Pause…' }).click();
      await page
        .getByRole('dialog')
        .getByLabel(/^Reason/)
        .fill('a mistake');
      await page.getByRole('dialog').getByRole('button', { name: how, exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    expect((await stage.carillon.getJob('row-000'))?.paused).toBe(false);
    expect(stage.reports).toEqual([]);
  });

  it('load more jobs, and do again what failed, also far down the list', async () => {
    const page = await stage.open('#/default/schedules');
    await page.getByText('100 shown, more follow').waitFor();
    await page.getByRole('button', { name: 'Load more' }).click();
    await page.getByText('200 shown, more follow').waitFor();
    await eventually(async () => {
      await scrollDown(page);
      expect(await rowCount(page)).toBeGreaterThan(300);
    });
    await page.route('**/v1/stores/default/jobs?*', (route) => route.abort());
    await eventually(async () => {
      await scrollDown(page);
      expect(await page.getByRole('alert').count()).toBe(1);
    });
    await page.getByRole('alert').getByText('The console does not answer').waitFor();
    await page.unroute('**/v1/stores/default/jobs?*');
    // The page does not retry by itself: there is one report for the list, and not one for each size that the list has.
    expect(stage.reports).toHaveLength(1);
    const before = await rowCount(page);
    await page.getByRole('button', { name: 'Try again' }).click();
    await eventually(async () => expect(await rowCount(page)).toBeGreaterThan(before));
    expect(await page.getByRole('alert').count()).toBe(0);
    stage.reports.length = 0;
  });

  it('find a job from far down the list, and show what was changed there', async () => {
    const page = await stage.open('#/default/schedules');
    await eventually(async () => {
      await scrollDown(page);
      expect(await rowCount(page)).toBe(JOBS);
    });
    await scrollDown(page);
    await page.keyboard.press('/');
    await page.keyboard.type('row-007');
    await page.getByText('1 job', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'row-007' }).waitFor();
    await page.getByRole('link', { name: 'All', exact: true }).click();
    await eventually(async () => {
      await scrollDown(page);
      expect(await rowCount(page)).toBe(JOBS);
    });
    await page.getByRole('button', { name: 'Change all that match…' }).click();
    await page.getByLabel('Type the number of jobs').fill(String(JOBS));
    await page.getByRole('button', { name: `Pause ${JOBS} jobs` }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await table(page).locator('.badge', { hasText: 'paused' }).first().waitFor();
    expect(await stage.carillon.countJobs({ state: 'paused' })).toBe(JOBS);
    await stage.carillon.resumeJobs({}, { expected: JOBS });
    expect(stage.reports).toEqual([]);
  });

  it('narrow the list by task, executor, time and state', async () => {
    const { carillon } = stage;
    const soon = new Date(Date.now() + 40 * 60_000);
    await carillon.addJob({ id: 'special', task: 'slow', executor: 'other', trigger: date(soon) });
    const page = await stage.open('#/default/schedules');
    await page.getByRole('button', { name: 'Filters' }).click();
    const finds = async (id: string) => {
      await page.getByText('1 job', { exact: true }).waitFor();
      await page.getByRole('link', { name: id }).waitFor();
      await page.getByRole('link', { name: 'All', exact: true }).click();
      await page.getByText('100 shown, more follow').waitFor();
    };
    await page.getByLabel('Task', { exact: true }).fill('slow');
    await finds('special');
    await page.getByLabel('Executor', { exact: true }).fill('other');
    await finds('special');
    await page.getByLabel('Due within').selectOption('1h');
    await page.getByText('1 job', { exact: true }).waitFor();
    await page.getByLabel('Executor', { exact: true }).fill('other');
    // The view is left before the page searches for this text, so the text does not come along.
    await finds('special');
    expect(await page.getByLabel('Executor', { exact: true }).inputValue()).toBe('');
    await carillon.pauseJob('row-003');
    await page.getByLabel('State').selectOption('paused');
    await finds('row-003');
    await carillon.resumeJob('row-003');
    await carillon.removeJob('special');
    expect(stage.reports).toEqual([]);
  });

  it('edit tags, named arguments and policy of a job, and run it with others', async () => {
    await stage.carillon.addJob({ id: 'named', task: 'report', args: ['eu'], trigger });
    const page = await stage.open('#/default/jobs/named');
    await page.getByRole('button', { name: 'Edit…' }).click();
    await page.getByLabel('Description', { exact: true }).fill('for a test');
    await page.getByLabel('Tags, with commas between').fill(' a,b ,, ');
    await page.getByLabel('Named arguments').fill('{"x":1}');
    await page.getByLabel('Policy').fill('{"priority":9,"timeout":60000}');
    await page.getByRole('button', { name: 'Preview what this changes' }).click();
    await page.locator('.consequences').getByText('priority').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const edited = { description: 'for a test', tags: ['a', 'b'], kwargs: { x: 1 }, priority: 9, timeout: 60_000 };
    expect(await stage.carillon.getJob('named')).toMatchObject(edited);
    await page.getByRole('button', { name: 'Run now…' }).click();
    await page.getByLabel('Named arguments').fill('{"x":2}');
    await page.getByRole('dialog').getByRole('button', { name: 'Run now', exact: true }).click();
    await eventually(() => expect(seen).toEqual([['eu', { x: 2 }]]));
    await page.close();
    await stage.carillon.removeJob('named');
    expect(stage.reports).toEqual([]);
  });

  it('remove a job, and cancel its runs, too', async () => {
    await stage.carillon.addJob({ id: 'going', task: 'slow', nextRunTime: null });
    const { runId } = await stage.carillon.runJob('going');
    await eventually(async () => expect((await stage.carillon.getRun(runId))?.state).toBe('running'));
    const page = await stage.open('#/default/jobs/going');
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByLabel('Id of the job').fill('going');
    await page.getByLabel('Cancel its runs, too').check();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('heading', { name: 'Schedules' }).waitFor();
    await eventually(async () => expect((await stage.carillon.getRun(runId))?.state).toBe('cancelled'));
    // The page does not read a job again that it removed.
    expect(stage.reports).toEqual([]);
  });

  it('go through the timeline: earlier, more jobs, and a forecast that is new', async () => {
    const page = await stage.open('#/default/timeline');
    await page.getByRole('button', { name: /^row-000: / }).waitFor();
    await page.getByRole('button', { name: 'Earlier' }).click();
    await eventually(() => expect(new URLSearchParams(page.url().split('?')[1]).get('at')).not.toBeNull());
    const at = new URLSearchParams(page.url().split('?')[1]).get('at') ?? '';
    expect(Date.parse(at)).toBeLessThan(Date.now() - 11 * 3_600_000);
    await page.getByRole('button', { name: 'Now' }).click();
    await page.getByRole('button', { name: 'Next jobs' }).click();
    await page.getByRole('button', { name: /^row-020: / }).waitFor();
    await page.getByRole('button', { name: 'First jobs' }).click();
    await page.getByRole('button', { name: /^row-000: / }).waitFor();
    await page.getByText(`${JOBS} jobs fire from`).waitFor();
    await stage.carillon.addJob({ id: 'z-new', task: 'report', trigger });
    await page.getByRole('button', { name: 'Renew' }).click();
    await page.getByText(`${JOBS + 1} jobs fire from`).waitFor();
    expect(stage.reports).toEqual([]);
  });

  it('take away filters of events and of runs', async () => {
    const { runId } = await stage.carillon.enqueue('report');
    await stage.carillon.getResult(runId);
    const page = await stage.open('#/default/events?job=nothing&types=failures');
    await page.getByText('No events').waitFor();
    await page.getByRole('button', { name: 'All events' }).click();
    await page
      .getByRole('link', { name: `run ${runId}` })
      .first()
      .waitFor();
    await page.goto(`${stage.url}#/default/runs?state=error&executor=nothing`);
    await page.getByText('No runs').waitFor();
    await page.getByRole('button', { name: 'All runs' }).click();
    await page.getByRole('link', { name: 'report' }).first().waitFor();
    expect(page.url()).not.toContain('executor');
    expect(stage.reports).toEqual([]);
  });

  it('narrow events by task and by run, and runs by executor', async () => {
    const { carillon } = stage;
    const runs = [await carillon.enqueue('report'), await carillon.enqueue('report')];
    for (const { runId } of runs) await carillon.getResult(runId);
    const [wanted = '', other = ''] = runs.map(({ runId }) => runId);
    const page = await stage.open('#/default/events?types=job_executed');
    const ofRun = (runId: string) => page.getByRole('link', { name: `run ${runId}` });
    const enter = async (label: string, text: string) => {
      await page.getByLabel(label, { exact: true }).fill(text);
      await page.getByLabel(label, { exact: true }).press('Enter');
    };
    await ofRun(other).waitFor();
    await enter('Run (its id)', wanted);
    await ofRun(other).waitFor({ state: 'detached' });
    await ofRun(wanted).waitFor();
    await enter('Task', 'slow');
    await page.getByText('No events').waitFor();
    await page.goto(`${stage.url}#/default/runs?task=report`);
    await page.getByRole('link', { name: 'report' }).first().waitFor();
    await enter('Executor', 'other');
    await page.getByText('No runs').waitFor();
    await enter('Executor', 'default');
    await page.getByRole('link', { name: 'report' }).first().waitFor();
    expect(stage.reports).toEqual([]);
  });

  it('are all in sight on a phone: each screen, the job store, colours, keys', async () => {
    const viewport = { width: 390, height: 800 };
    const page = await stage.open('#/default/overview', { viewport });
    const all = [
      ...['Overview', 'Schedules', 'Timeline', 'Runs', 'Events', 'Cluster'].map((name) =>
        page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name }),
      ),
      ...['Keys', 'Log out'].map((name) => page.getByRole('button', { name })),
    ];
    let from = -1;
    for (const one of all) {
      const box = await one.boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(viewport.width);
      expect(box?.height).toBeGreaterThanOrEqual(24);
      if (all.indexOf(one) < 6) {
        // Names do not overlap.
        expect(box?.x).toBeGreaterThanOrEqual(from);
        from = (box?.x ?? 0) + (box?.width ?? 0);
      }
    }
    expect(stage.reports).toEqual([]);
  });
});
