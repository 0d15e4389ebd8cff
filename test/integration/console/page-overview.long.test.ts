import { interval } from 'carillon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, expectAccessible, type PageStage, pageStage } from '../../support/page.js';

const tasks = {
  report: () => null,
  broken: () => {
    throw new TypeError('no such period');
  },
};

describe.skipIf(!CHROMIUM)('the overview', () => {
  let stage: PageStage<typeof tasks>;
  beforeAll(async () => {
    stage = await pageStage(tasks);
    await stage.carillon.addJob({ id: 'often', task: 'report', trigger: interval('500ms') });
    await stage.carillon.addJob({ id: 'bad', task: 'broken', nextRunTime: null });
    const { runId } = await stage.carillon.runJob('bad');
    await stage.carillon.getResult(runId).catch(() => {});
  });
  afterAll(() => stage?.close());

  it('shows who leads, workers, executors, lateness and rates of the last hour, failures, and what the doctor finds', async () => {
    const page = await stage.open('#/default/overview');
    const { coordinators } = await stage.carillon.measure();
    const leader = coordinators.find(({ leads }) => leads);
    await page.getByText(leader?.coordinatorId ?? 'no coordinator leads').waitFor();
    const executors = page.getByRole('table', { name: 'Executors' });
    await executors.getByText('default').waitFor();
    await executors.getByText(/\d+ of 10/).waitFor();
    const [worker] = (await stage.carillon.inspect()).workers;
    await page
      .getByRole('table', { name: 'Workers' })
      .getByText(worker?.workerId ?? '?')
      .waitFor();
    await page.getByRole('img', { name: /Runs a second: ended \d/ }).waitFor();
    await page.getByRole('img', { name: /Lateness.*p50 \d+ ms, p99 \d/ }).waitFor();
    await page.getByRole('table', { name: 'Latest failures' }).getByText('TypeError: no such period').waitFor();
    const tile = page.locator('.tile', { hasText: 'Failures' });
    await tile.getByText('1', { exact: true }).waitFor();
    await expectAccessible(page);
  });

  it('is live', async () => {
    const page = await stage.open('#/default/overview');
    const jobs = page.locator('.tile', { hasText: 'Jobs' });
    await jobs.getByText('2', { exact: true }).waitFor();
    await stage.carillon.addJob({ id: 'third', task: 'report', nextRunTime: null });
    await jobs.getByText('3', { exact: true }).waitFor();
    const { runId } = await stage.carillon.runJob('bad');
    await stage.carillon.getResult(runId).catch(() => {});
    await page.locator('.tile', { hasText: 'Failures' }).getByText('2', { exact: true }).waitFor();
  });

  it('says what is wrong and what to do', async () => {
    await stage.carillon.pause({ jobStore: 'default' });
    const page = await stage.open('#/default/overview', { viewport: { width: 390, height: 800 } });
    const finding = page.locator('.notice', { hasText: 'paused' });
    await finding.getByText('What to do:').waitFor();
    await expectAccessible(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await stage.carillon.resume({ jobStore: 'default' });
    expect(stage.reports).toEqual([]);
  });
});
