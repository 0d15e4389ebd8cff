import { mkdirSync } from 'node:fs';
import { currentRun, task } from 'carillon';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FAR_FROM_NOW } from '../../support/far-from-now.js';
import { Stored } from '../../support/in-process.js';
import { CHROMIUM, expectAccessible, type PageStage, pageStage } from '../../support/page.js';

const tasks = {
  mail: task({ args: z.tuple([z.object({ to: z.email() })]), run: () => null }),
  broken: () => {
    throw new TypeError('no such period');
  },
  slow: async () => {
    const { signal } = currentRun();
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  },
};

/** If this names a folder, each dialog is drawn there, light and dark, wide and on a phone: a person can look at them. */
const PICTURES = process.env.CARILLON_PICTURES;
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 800 };

/** Resolves to whether an element has the focus at the moment the dialog is gone, and not only a frame later. */
function focusAfterDialog(opener: Locator) {
  return opener.evaluateHandle((element) => {
    const { body, defaultView } = element.ownerDocument;
    const isBack = new Promise<boolean>((resolve) => {
      const observer = new defaultView.MutationObserver(() => {
        if (body.querySelector('dialog')) return;
        observer.disconnect();
        resolve(element === element.ownerDocument.activeElement);
      });
      observer.observe(body, { childList: true, subtree: true });
    });
    return { isBack };
  });
}

describe.skipIf(!CHROMIUM)('each dialog', () => {
  let stage: PageStage<typeof tasks>;
  let page: Page;
  const dialog = () => page.getByRole('dialog');
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
  const go = async (hash: string) => {
    await page.goto(`${stage.url}${hash}`);
  };

  beforeAll(async () => {
    stage = await pageStage(tasks);
    const trigger = FAR_FROM_NOW;
    const job = { task: 'mail', args: [{ to: 'ada@example.com' }], trigger } as const;
    await stage.carillon.addJob({ ...job, id: 'mail', name: 'Mail to Ada' });
    await stage.carillon.addJob({ ...job, id: 'held' });
    await stage.carillon.pauseJob('held');
    page = await stage.open('#/default/schedules', { viewport: WIDE });
  });
  afterAll(() => stage?.close());

  /** Checks that the dialog of `opener` is accessible and fits a phone after each step. Escape closes it and gives the focus back. */
  async function looks(name: string, opener: Locator, ...steps: readonly (() => Promise<unknown>)[]) {
    await opener.click();
    await dialog().waitFor();
    for (const [place, step] of [async () => {}, ...steps].entries()) {
      await step();
      await expectAccessible(page);
      await page.setViewportSize(PHONE);
      expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBeLessThanOrEqual(PHONE.width);
      const overflow = await dialog().evaluate((element) => element.scrollWidth - element.clientWidth);
      expect(overflow, `${name} on a phone`).toBe(0);
      if (PICTURES) await draw(`${name}-${place}`);
      await page.setViewportSize(WIDE);
    }
    const focus = await focusAfterDialog(opener);
    await page.keyboard.press('Escape');
    expect(await focus.evaluate(({ isBack }) => isBack), name).toBe(true);
  }

  async function draw(name: string) {
    mkdirSync(PICTURES as string, { recursive: true });
    for (const [size, viewport] of Object.entries({ phone: PHONE, wide: WIDE })) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${PICTURES}/${name}-${size}-${colorScheme}.png` });
      }
    }
  }

  const refused = () => dialog().getByRole('alert').waitFor();

  it('of a job: run now, pause, resume, edit, remove, explain; with what is wrong, and with a preview', async () => {
    await go('#/default/jobs/mail');
    await looks('run', button('Run now…'), async () => {
      await page.getByLabel('Arguments: a JSON array').fill('[{"to":5}]');
      await button('Run now').click();
      await dialog().getByRole('alert').getByText('args[0].to').waitFor();
    });
    await looks('pause', button('Pause…'), () => page.getByRole('radio', { name: /Until a time/ }).check());
    const preview = () => button('Preview what this changes').click();
    await looks(
      'edit',
      button('Edit…'),
      async () => {
        await page.getByLabel('Arguments: a JSON array').fill('[{"to":"nobody"}]');
        await preview();
        await refused();
      },
      async () => {
        await page.getByLabel('Arguments: a JSON array').fill('[{"to":"eve@example.com"}]');
        await page.getByLabel('Trigger').fill('{"type":"cron","expression":"45 2 * * *"}');
        await preview();
        await page.getByText('Fires gained, of the next 10').waitFor();
      },
    );
    await looks('remove', button('Remove…'), () => page.getByLabel('Id of the job').fill('mail'));
    await looks(
      'explain',
      button('Explain a time…'),
      async () => {
        await page.getByRole('textbox', { name: /An instant/ }).fill('nonsense');
        await button('Explain').click();
        await refused();
      },
      async () => {
        await page.getByRole('textbox', { name: /An instant/ }).fill('2020-02-20T02:30Z');
        await button('Explain').click();
        await dialog().getByRole('status').waitFor();
        await dialog().getByText('What this rests on').click();
      },
    );
    await go('#/default/jobs/held');
    await looks('resume', button('Resume…'));
  });

  it('of many jobs: for each change, and where the number is another one by now', async () => {
    await go('#/default/schedules');
    const choose = (verb: string) => () => page.getByRole('radio', { name: new RegExp(`^${verb}`) }).check();
    await looks('bulk', button('Change all that match…'), ...['Resume', 'Run now', 'Remove'].map(choose), async () => {
      await choose('Pause')();
      await page.getByLabel('Type the number of jobs').fill('2');
      await stage.carillon.addJob({ id: 'another', task: 'broken', nextRunTime: null });
      await button('Pause 2 jobs').click();
      await refused();
      await dialog().getByText('It means 3 jobs').waitFor();
    });
    await stage.carillon.removeJob('another');
    expect((await stage.carillon.getJob('mail'))?.paused).toBe(false);
  });

  it('of runs and events: cancel, run again, an event, an explanation in the timeline', async () => {
    const { carillon } = stage;
    const slow = await carillon.enqueue('slow');
    await go(`#/default/runs/${slow.runId}`);
    await looks('cancel', button('Cancel the run…'));
    await carillon.cancelRun(slow.runId);
    const bad = await carillon.enqueue('broken');
    await carillon.getResult(bad.runId).catch(() => null);
    await go(`#/default/runs/${bad.runId}`);
    await looks('again', button('Run again…'));
    await go('#/default/events');
    await looks('event', button('job_error').first());
    await go('#/default/timeline');
    await looks('timeline', button(/^Mail to Ada: /));
  });

  it('of the cluster: pause and resume all firing, and a record in quarantine', async () => {
    const { backend } = new Stored(stage.prefix);
    const { jobs, schedule, quarantine } = backend.keys('default');
    const raw = await backend.client.hget(jobs, 'held');
    const kept = { why: 'a test '.repeat(30), at: 1_790_000_000_000, raw, dueAt: '4000000000000' };
    await backend.client.hdel(jobs, 'held');
    await backend.client.zrem(schedule, 'held');
    await backend.client.hset(quarantine, 'held', JSON.stringify(kept));
    await go('#/default/cluster');
    await looks('pause-all', button('Pause all firing…'));
    const row = page.getByRole('table', { name: 'Quarantine' }).getByRole('row').filter({ hasText: 'held' });
    await looks('look', row.getByRole('button', { name: 'Look' }));
    await looks('restore', row.getByRole('button', { name: 'Put back…' }));
    await looks('throw', row.getByRole('button', { name: 'Throw away…' }));
    await stage.carillon.pause({ jobStore: 'default' });
    await looks('resume-all', button('Resume all firing…'));
    await looks('keys', button('Keys'));
    expect(stage.reports.filter((text) => !text.includes('status of 4'))).toEqual([]);
  });
});
