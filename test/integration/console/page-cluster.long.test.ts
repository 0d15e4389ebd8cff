import { interval, task } from 'carillon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from '../../support/eventually.js';
import { Stored } from '../../support/in-process.js';
import { CHROMIUM, expectAccessible, type PageStage, pageStage } from '../../support/page.js';

const HOSTILE = '<img src=x onerror=alert(1)>"\'&{{7*7}}</script>';

const tasks = {
  quick: () => null,
  mail: task({ args: z.tuple([z.object({ to: z.email() })]), run: () => null }),
};

describe.skipIf(!CHROMIUM)('the cluster of the page', () => {
  let stage: PageStage<typeof tasks>;
  beforeAll(async () => {
    stage = await pageStage(tasks);
  });
  afterAll(() => stage?.close());

  it('shows who leads, who works, and what waits; all firing is paused and resumed', async () => {
    const { carillon } = stage;
    const { runId } = await carillon.enqueue('quick');
    await carillon.getResult(runId);
    await eventually(async () => expect((await carillon.inspect()).leader).not.toBeNull());
    const { workers } = await carillon.inspect();
    const page = await stage.open('#/default/cluster');
    await page
      .getByRole('table', { name: 'Workers' })
      .getByText(workers[0]?.workerId ?? '')
      .waitFor();
    await page.getByRole('table', { name: 'Terms' }).getByText('it leads').waitFor();
    await page.getByRole('table', { name: 'Queues' }).getByText('default').waitFor();
    await page.getByText('Nothing is in quarantine').waitFor();
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Pause all firing…' }).click();
    await page.getByLabel(/Reason/).fill(HOSTILE);
    await page.getByRole('dialog').getByRole('button', { name: 'Pause all firing' }).click();
    await page.getByText('All firing of this job store is stopped').waitFor();
    expect((await carillon.inspect()).paused).toBe(true);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Resume all firing…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume all firing' }).click();
    await page.getByText('All firing of this job store is stopped').waitFor({ state: 'detached' });
    expect((await carillon.inspect()).paused).toBe(false);
    const { events } = await carillon.getEvents({ types: ['scheduler_paused'] });
    expect(events).toMatchObject([{ actor: 'ann', reason: HOSTILE }]);
    expect(stage.reports).toEqual([]);
  });

  it('shows what is in quarantine, puts it back, and throws it away', async () => {
    const { carillon, prefix } = stage;
    const { backend } = new Stored(prefix);
    const { jobs, schedule, quarantine } = backend.keys('default');
    await carillon.addJob({ id: 'readable', task: 'quick', trigger: interval('1h') });
    const raw = await backend.client.hget(jobs, 'readable');
    const dueAt = await backend.client.zscore(schedule, 'readable');
    await backend.client.hdel(jobs, 'readable');
    await backend.client.zrem(schedule, 'readable');
    const kept = (record: string | null) => JSON.stringify({ why: HOSTILE, at: 1_790_000_000_000, raw: record, dueAt });
    await backend.client.hset(quarantine, 'readable', kept(raw), HOSTILE, kept(HOSTILE));

    const page = await stage.open('#/default/cluster');
    const row = (name: string) =>
      page.getByRole('table', { name: 'Quarantine' }).getByRole('row').filter({ hasText: name });
    await row('readable').waitFor();
    await row(HOSTILE).nth(1).waitFor();
    await expectAccessible(page);
    await row('readable').getByRole('button', { name: 'Look' }).click();
    await page.getByRole('dialog').getByText('put it back').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await row('readable').getByRole('button', { name: 'Put back…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Put back' }).click();
    await row('readable').waitFor({ state: 'detached' });
    expect((await carillon.getJob('readable'))?.task).toBe('quick');
    expect(await row(HOSTILE).getByRole('button', { name: 'Put back…' }).count()).toBe(0);
    await row(HOSTILE).getByRole('button', { name: 'Throw away…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Throw away' }).click();
    await page.getByText('Nothing is in quarantine').waitFor();
    expect(await carillon.getQuarantined()).toEqual([]);
    expect(stage.reports).toEqual([]);
  });

  it('shows what tasks take that check their arguments: of a worker, and of a job', async () => {
    const { carillon } = stage;
    await carillon.addJob({ id: 'mail', task: 'mail', args: [{ to: 'ada@example.com' }], trigger: interval('1h') });
    const page = await stage.open('#/default/cluster');
    const ofWorker = page.getByRole('table', { name: 'Workers' });
    await ofWorker.getByText('mail: its arguments').click();
    await ofWorker.getByText('"email"').first().waitFor();
    await expectAccessible(page);
    await page.goto(`${stage.url}#/default/jobs/mail`);
    await page.getByText('JSON Schema of its arguments').click();
    await page.locator('details pre').getByText('"email"').first().waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Run now…' }).click();
    await page.getByLabel('Arguments: a JSON array').fill('[{"to":5}]');
    await page.getByRole('dialog').getByRole('button', { name: 'Run now', exact: true }).click();
    await page.getByRole('dialog').getByRole('alert').getByText('args[0].to').waitFor();
  });
});
