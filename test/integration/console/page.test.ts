import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, expectAccessible, type PageStage, pageStage } from '../../support/page.js';

/** The most bytes of all files of the page together, gzipped. */
const MOST_BYTES = 60 * 1024;

describe.skipIf(!CHROMIUM)('the page', () => {
  const tasks = { report: () => null };
  let stage: PageStage<typeof tasks>;
  beforeAll(async () => {
    stage = await pageStage(tasks);
  });
  afterAll(() => stage?.close());

  it('wants a token, begins a session with it, shows the cluster, and ends the session', async () => {
    const context = await stage.browser.newContext();
    const page = await context.newPage();
    await page.goto(stage.url);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await expectAccessible(page);
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').getByText('not known').waitFor();
    await page.getByLabel('Token').fill(stage.token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#/default/overview');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await context.close();
  });

  it('is gone through by keys, keeps its colours, and says what is not there', async () => {
    const page = await stage.open('#/default/nothing');
    await page.getByText('There is no such screen').waitFor();
    await page.goto(`${stage.url}#/nowhere/runs`);
    await page.getByText('There is no such job store').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'default' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: 'Schedules' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: /Colours: system/ }).click();
    await page.getByRole('button', { name: /Colours: light/ }).click();
    await page.reload();
    await page.getByRole('button', { name: /Colours: dark/ }).waitFor();
    expect(await page.locator('html').getAttribute('data-scheme')).toBe('dark');
  });

  it('is served by relative URLs alone, under a CSP that nothing breaks', async () => {
    const html = readFileSync('packages/console/dist/page/index.html', 'utf8');
    const urls = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url);
    expect(urls.length).toBeGreaterThan(2);
    for (const url of urls) expect(url).toMatch(/^\.\//);
    const page = await stage.open('#/default/overview');
    const sent = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    for (const url of sent) expect(url.startsWith(stage.url)).toBe(true);
    expect(stage.reports.filter((text) => text.startsWith('CSP'))).toEqual([]);
  });
});

it('weighs at most 60 KB gzipped, all files together', () => {
  const folder = 'packages/console/dist/page';
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const bytes = files.map((file) => gzipSync(readFileSync(join(file.parentPath, file.name))).length);
  expect(files.some(({ name }) => name === 'index.html')).toBe(true);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(MOST_BYTES);
});
