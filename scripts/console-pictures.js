// Takes pictures of the console's screens, with its own cluster behind it, in light and dark:
//   node scripts/console-pictures.js [folder] [screen …]
// Without a folder, it writes the pictures that the docs show to docs/images.
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConsole, makeToken } from '@carillon/console';
import { nodeListener } from '@carillon/console/node';
import { Carillon, cron, currentRun, interval } from 'carillon';
import { startRedis } from 'carillon/local-redis';
import { pino } from 'pino';
import { chromium } from 'playwright-core';

const [folder, ...wanted] = process.argv.slice(2);
const out = folder ?? fileURLToPath(new URL('../docs/images', import.meta.url));
const SCREENS = {
  login: null,
  overview: '#/default/overview',
  schedules: '#/default/schedules',
  job: '#/default/jobs/report-eu',
  runs: '#/default/runs',
  events: '#/default/events',
  cluster: '#/default/cluster',
  timeline: '#/default/timeline',
};
const OF_DOCS = ['overview', 'schedules'];

const tasks = {
  'report.daily': async (region) => {
    const run = currentRun();
    await run.progress({ done: 0.5 });
    if (region === 'us' && Math.random() < 0.3) throw new TypeError('the warehouse answered 503');
    return { region, pages: 12 };
  },
  'mail.send': () => new Promise((resolve) => setTimeout(resolve, 40)),
  'cache.warm': () => new Promise((resolve) => setTimeout(resolve, 15)),
  'invoice.close': () => {
    throw new Error('the period 2026-10 is still open: close it first');
  },
  'index.rebuild': () => new Promise((resolve) => setTimeout(resolve, 8_000)),
};

const redis = await startRedis({ appendOnly: 'always' });
const carillon = new Carillon({ redis: redis.url, tasks, logger: pino({ level: 'silent' }) });
const { token, record } = makeToken({ actor: 'ann@example.org', role: 'admin' });
const handler = createConsole({ scheduler: carillon, auth: { tokens: [record] } });
const server = createServer(nodeListener(handler)).listen(0, '127.0.0.1');
await once(server, 'listening');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
});
try {
  await carillon.start();
  await addJobs();
  await take();
} finally {
  await browser.close();
  handler.close();
  server.closeAllConnections();
  server.close();
  await carillon.shutdown();
  await redis.stop();
}

async function addJobs() {
  const berlin = 'Europe/Berlin';
  const jobs = [
    {
      id: 'report-eu',
      name: 'Daily report, EU',
      task: 'report.daily',
      args: ['eu'],
      trigger: cron('0 6 * * 1-5', { timezone: berlin }),
      tags: ['reports', 'eu'],
      description: 'For the board: sums of the day before',
      retry: { attempts: 3, backoff: { type: 'fixed', delay: '5s' } },
      timeout: '10m',
    },
    {
      id: 'report-us',
      name: 'Daily report, US',
      task: 'report.daily',
      args: ['us'],
      trigger: cron('30 2 * * *', { timezone: 'America/New_York' }),
      tags: ['reports', 'us'],
    },
    {
      id: 'newsletter',
      name: 'Newsletter',
      task: 'mail.send',
      trigger: cron('0 9 1 * *', { timezone: berlin }),
      tags: ['mail'],
    },
    { id: 'warm-cache', name: 'Warm the cache', task: 'cache.warm', trigger: interval('2s') },
    { id: 'poll-mailbox', name: 'Poll the mailbox', task: 'mail.send', trigger: interval('3s'), tags: ['mail'] },
    { id: 'close-invoices', name: 'Close invoices', task: 'invoice.close', trigger: interval('7s'), tags: ['billing'] },
    {
      id: 'rebuild-index',
      name: 'Rebuild the search index',
      task: 'index.rebuild',
      trigger: interval('15s'),
      executor: 'default',
    },
    { id: 'archive', name: 'Archive old orders', task: 'cache.warm', trigger: cron('0 3 * * 0', { timezone: 'UTC' }) },
  ];
  for (const [place, region] of [
    'at',
    'ch',
    'cz',
    'dk',
    'es',
    'fi',
    'fr',
    'ie',
    'it',
    'nl',
    'no',
    'pl',
    'pt',
    'se',
  ].entries()) {
    jobs.push({
      id: `report-${region}`,
      name: `Daily report, ${region.toUpperCase()}`,
      task: 'report.daily',
      args: [region],
      trigger: cron(`${place * 4} 5 * * *`, { timezone: berlin }),
      tags: ['reports'],
    });
  }
  for (const job of jobs) await carillon.addJob(job);
  const ann = carillon.as({ actor: 'ann@example.org', reason: 'month end: the books are open' });
  await ann.pauseJob('archive');
  await ann.modifyJob('report-eu', { priority: 5 });
  const again = async (id) => {
    for (let times = 0; times < 34; times++) {
      const { runId } = await carillon.runJob(id);
      await carillon.getResult(runId).catch(() => {});
    }
  };
  await Promise.all(['report-eu', 'report-us'].map(again));
  await new Promise((resolve) => setTimeout(resolve, Number(process.env.SECONDS ?? 25) * 1_000));
}

async function take() {
  mkdirSync(out, { recursive: true });
  const url = `http://127.0.0.1:${server.address().port}/`;
  // Pictures of the docs are small, because every clone contains them.
  const wide = folder ? { width: 1280, height: 800 } : { width: 1160, height: 620 };
  const names = wanted.length > 0 ? wanted : folder ? Object.keys(SCREENS) : OF_DOCS;
  for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries({
      '': wide,
      '-phone': { width: 390, height: 800 },
    })) {
      if (!folder && (size !== '' || colorScheme === 'dark')) continue;
      const context = await browser.newContext({ viewport, colorScheme, timezoneId: 'Europe/Berlin', locale: 'en-GB' });
      const page = await context.newPage();
      page.on('console', (message) => message.type() === 'error' && console.error(message.text()));
      page.on('pageerror', (error) => console.error(String(error)));
      if (names.includes('login')) {
        await page.goto(url);
        await page.locator('h1').waitFor();
        await page.screenshot({ path: join(out, `login-${colorScheme}${size}.png`) });
      }
      await context.request.post(`${url}v1/session`, { data: { token }, headers: { 'sec-fetch-site': 'same-origin' } });
      for (const name of names) {
        if (!SCREENS[name]) continue;
        await page.goto(`${url}${SCREENS[name]}`);
        if (name === names.find((one) => SCREENS[one])) await page.reload();
        await page.locator('h1').waitFor();
        await page.waitForTimeout(1_500);
        await page
          .getByText(/^Loading/)
          .first()
          .waitFor({ state: 'detached' });
        await page.screenshot({
          path: join(out, folder ? `${name}-${colorScheme}${size}.png` : `console-${name}.png`),
        });
      }
      await context.close();
    }
  }
}
