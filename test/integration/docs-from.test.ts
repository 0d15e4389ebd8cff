import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Queue } from 'bullmq';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownPrefix, redisUrl } from '../support/redis.js';
import { readPage } from '../unit/docs/markdown.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The least that each snippet of a page prints. Snippets in `ts` blocks use libraries that are not here. */
const PRINTED: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  'from-node-cron.md': {
    'before.js': /^tick\n/,
    'after.js': /^tick\n/,
    'configured.js': /^idle \d{4}-/,
    'jobs-before.js': /^done\n/,
    'jobs-after.js': /^done\n/,
  },
  'from-bullmq.md': { 'jobs-before.js': /^5 schedulers\n/, 'jobs-after.js': /^synced 8\n/ },
  'from-agenda.md': { 'jobs-after.js': /^report of asia\n/ },
  'from-crontab.md': { 'jobs-after.js': /^report eu\n/ },
  'from-apscheduler.md': { 'jobs-after.js': /^report eu\n/ },
};

let folder: string;
beforeAll(async () => {
  // This is below a node_modules: the snippets import packages by their names.
  await mkdir(join(root, 'node_modules/.docs'), { recursive: true });
  folder = await mkdtemp(join(root, 'node_modules/.docs/'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Returns the code with the Redis of this test, and with keys of its own. */
function here(code: string, prefix: string): string {
  const url = JSON.stringify(redisUrl());
  return code
    .replaceAll("connection: { url: 'redis://localhost:6379' }", `connection: { url: ${url} }, prefix: '${prefix}'`)
    .replaceAll("redis: 'redis://localhost:6379'", `redis: ${url}, prefix: '${prefix}'`);
}

const snippets = Object.entries(PRINTED).flatMap(([page, printed]) => {
  const { blocks } = readPage(readFileSync(`${root}docs/${page}`, 'utf8'));
  const named = blocks.flatMap(({ language, code }) => {
    const [, file] = /^\/\/ ([\w.-]+\.js)\b/.exec(code) ?? [];
    return language === 'js' ? [{ page, file: file ?? '', code }] : [];
  });
  return named.map((snippet) => ({ ...snippet, printed: printed[snippet.file] }));
});

test.each(Object.keys(PRINTED))('each snippet of docs/%s is known here', (page) => {
  const files = snippets.filter((snippet) => snippet.page === page).map(({ file }) => file);
  expect(files.sort()).toEqual(Object.keys(PRINTED[page] ?? {}).sort());
  expect(existsSync(`${root}docs/${page}`)).toBe(true);
});

test.each(snippets)('$file of docs/$page does what it says, and ends', async ({ page, file, code, printed }) => {
  const prefix = ownPrefix();
  const place = join(folder, `${page}-${file}`);
  await writeFile(place, here(code, prefix));
  const env = { ...process.env, CARILLON_REDIS_URL: redisUrl(), CARILLON_PREFIX: prefix };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [place], { env, timeout: 120_000 });
  expect(stdout).toMatch(printed ?? /^$/);
  expect(stderr).toBe('');
});

test('BullMQ runs the first job of `every` at once, and counts from then, as docs/from-bullmq.md says', async () => {
  const queue = new Queue('facts', { connection: { url: redisUrl() }, prefix: ownPrefix() });
  const from = Date.now();
  const job = await queue.upsertJobScheduler('hourly', { every: 3_600_000 }, { name: 'sync' });
  const scheduler = await queue.getJobScheduler('hourly');
  expect(job?.opts.delay ?? 0).toBe(0);
  expect(scheduler?.next).toBeGreaterThanOrEqual(from);
  expect(scheduler?.next).toBeLessThanOrEqual(Date.now());
  expect(scheduler?.offset).toBe((scheduler?.next ?? 0) % 3_600_000);
  await queue.obliterate({ force: true });
  await queue.close();
});
