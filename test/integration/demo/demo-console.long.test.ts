import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { CHROMIUM } from '../../support/page.js';
import { redisUrl } from '../../support/redis.js';
import { startDemo } from './demo-process.js';

test.skipIf(!CHROMIUM)('with --console, one logs in with the token that the demo names, until Ctrl-C', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-demo-test-'));
  await using demo = startDemo({ REDIS_URL: redisUrl(), TMPDIR: folder }, '--console');
  await demo.wrote('log in with');
  const [, url = ''] = /The console: (\S+)/.exec(demo.output) ?? [];
  await demo.wrote('welcome');
  const [, token = ''] = /log in with +(\S+)/.exec(demo.output) ?? [];

  const browser = await chromium.launch({
    executablePath: CHROMIUM ?? '',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-dev-shm-usage'],
  });
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.goto(`${url}#/default/schedules`);
  await page.getByRole('link', { name: 'tick' }).waitFor();

  await demo.wrote('stay until Ctrl-C');
  await page.goto(`${url}#/default/runs?job=tick`);
  await page.getByRole('table', { name: 'Runs' }).getByText('executed').first().waitFor();
  await browser.close();
  demo.signal('SIGINT');
  expect(await demo.ended, demo.output).toBe(0);
  await rm(folder, { recursive: true });
});
