import { currentRun } from 'carillon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAR_FROM_NOW } from '../../support/far-from-now.js';
import { CHROMIUM, expectAccessible, type PageStage, pageStage } from '../../support/page.js';

/** Texts that run or break out where a page takes them for markup, an attribute, a URL or a script. */
const HOSTILE = [
  '<img src=x onerror="globalThis.hacked=1">',
  '"><script>globalThis.hacked=1</script>',
  `' onmouseover='globalThis.hacked=1' x='`,
  'javascript:globalThis.hacked=1',
  '</pre></textarea><svg onload=globalThis.hacked=1>',
  '{{constructor.constructor("globalThis.hacked=1")()}}',
].join(' ');

const tasks = {
  fails: () => {
    throw new TypeError(`failed: ${HOSTILE}`);
  },
  returns: async (text: string) => {
    await currentRun().progress({ [HOSTILE]: HOSTILE });
    return { text, [HOSTILE]: HOSTILE };
  },
};

describe.skipIf(!CHROMIUM)('texts that others write', () => {
  let stage: PageStage<typeof tasks>;
  const id = HOSTILE.slice(0, 120);

  beforeAll(async () => {
    stage = await pageStage(tasks);
    const { carillon } = stage;
    const trigger = FAR_FROM_NOW;
    const history = { perJob: 10, age: '1d' } as const;
    const texts = { name: HOSTILE.slice(0, 200), description: HOSTILE.slice(0, 200) };
    await carillon.addJob({ id, ...texts, task: 'returns', args: [HOSTILE], trigger, history });
    await carillon.addJob({ id: 'fails', task: 'fails', trigger });
    const mallory = carillon.as({ actor: HOSTILE.slice(0, 200), reason: HOSTILE.slice(0, 200) });
    await mallory.modifyJob(id, { priority: 3 });
    const runs = [await mallory.runJob(id), await mallory.runJob('fails')];
    await Promise.all(runs.map(({ runId }) => carillon.getResult(runId).catch(() => {})));
    await mallory.pauseJob(id);
  });
  afterAll(() => stage?.close());

  it('are shown as texts on every screen, and nothing of them runs; the CSP reports nothing', async () => {
    const job = encodeURIComponent(id);
    const screens = ['overview', 'schedules', 'runs', 'events', 'cluster', 'timeline', `jobs/${job}`, 'jobs/fails'];
    for (const screen of screens) {
      const page = await stage.open(`#/default/${screen}`);
      await page.getByText('Loading').first().waitFor({ state: 'detached' });
      expect(await page.evaluate('globalThis.hacked'), screen).toBeUndefined();
      expect(await page.locator('img, script:not([src]), b, [onerror], [onmouseover], [onload]').count(), screen).toBe(
        0,
      );
      expect(await page.locator('a[href^="javascript:"]').count(), screen).toBe(0);
      await page.close();
    }
    const page = await stage.open(`#/default/jobs/${job}`);
    await page.getByRole('heading', { level: 1 }).getByText(HOSTILE.slice(0, 60)).waitFor();
    await page.getByRole('region', { name: 'Changes', exact: true }).getByText(HOSTILE.slice(0, 60)).first().waitFor();
    await expectAccessible(page);
    for (const open of ['Run now…', 'Resume…', 'Edit…', 'Remove…']) {
      await page.getByRole('button', { name: open }).click();
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
    }
    await page.goto(`${stage.url}#/default/jobs/fails`);
    await page.getByText('failed: <img src=x').first().waitFor();
    await page.goto(`${stage.url}#/default/${job}?text=${job}`);
    await page.getByText('There is no such screen').waitFor();
    await page.goto(`${stage.url}#/${job}/${job}?text=${job}`);
    await page.getByText('There is no such job store').waitFor();
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
    expect(stage.reports).toEqual([]);
  });
});
