import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createConsole, makeToken } from '@carillon/console';
import { listen } from '@carillon/console/node';
import { Carillon } from 'carillon';
import { expect, it, onTestFinished } from 'vitest';
import { silent } from '../../support/in-process.js';
import { ownPrefix, redisUrl } from '../../support/redis.js';

const run = promisify(execFile);
const has = (program: string) =>
  run(program, ['--version']).then(
    () => true,
    () => false,
  );
const [hasPython, hasCurl] = await Promise.all([has('python3'), has('curl')]);

/** Starts a cluster and its console. Returns the environment that a client needs. */
async function served(): Promise<NodeJS.ProcessEnv> {
  const tasks = { report: async (region?: string) => ({ region: region ?? 'all', pages: 12 }) };
  const carillon = new Carillon({ redis: redisUrl(), prefix: ownPrefix(), logger: silent, tasks });
  await carillon.start();
  onTestFinished(() => carillon.shutdown());
  const { token, record } = makeToken({ actor: 'a program', role: 'admin' });
  const { url, close } = await listen(createConsole({ scheduler: carillon, auth: { tokens: [record] } }));
  onTestFinished(close);
  return { ...process.env, CONSOLE_URL: url, CONSOLE_TOKEN: token, no_proxy: '127.0.0.1' };
}

it.runIf(hasPython)('the Python script of the docs adds a job, follows its events and reads its result', async () => {
  const { stdout } = await run('python3', ['examples/console/client.py'], { env: await served(), timeout: 120_000 });
  const lines = stdout.trim().split('\n');
  const types = lines.slice(0, -1).map((line) => line.split(' ')[1]);
  expect(types[0]).toBe('job_added');
  expect(types.at(-1)).toBe('job_executed');
  expect(lines.at(-1)).toBe('result {"region": "eu", "pages": 12}');
});

it.runIf(hasCurl)('the calls of curl in the docs do what they say', async () => {
  const { stdout } = await run('sh', ['-e', 'examples/console/client.sh'], { env: await served(), timeout: 120_000 });
  // The output is one answer after the other, with nothing between them.
  const answers = JSON.parse(`[${stdout.replaceAll('}{', '},{')}]`);
  expect(answers).toMatchObject([
    { jobs: [], cursor: null },
    { id: 'nightly', triggerText: 'cron[0 2 * * *]', priority: 0 },
    { dryRun: true, before: { priority: 0 }, after: { priority: 5 } },
    { jobId: 'nightly', isDuplicate: false },
  ]);
});
