import { readFile } from 'node:fs/promises';
import { Carillon, interval } from 'carillon';
import { type RedisServer, startRedis } from 'carillon/local-redis';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { CapturedEvents, captureEvents } from '../support/captured-events.js';
import { carillon, done } from './cli/carillon.js';

/** The arguments of the ACL user in docs/deployment.md. */
async function documentedUser(): Promise<string[]> {
  const page = await readFile(new URL('../../docs/deployment.md', import.meta.url), 'utf8');
  const [line] = /^ACL SETUSER carillon .*$/m.exec(page) ?? [];
  if (line === undefined) throw new Error('docs/deployment.md has no ACL SETUSER carillon');
  return line.split(' ').slice(1);
}

async function serverWithUser(): Promise<{ redis: RedisServer; url: string; admin: Redis }> {
  const redis = await startRedis({ appendOnly: true });
  onTestFinished(() => redis.stop());
  const admin = new Redis(redis.url);
  onTestFinished(() => admin.disconnect());
  await admin.call('ACL', ...(await documentedUser()));
  return { redis, url: redis.url.replace('redis://', 'redis://carillon:password@'), admin };
}

/** The commands that the server refused, each once. */
async function refused(admin: Redis): Promise<string[]> {
  const log = (await admin.call('ACL', 'LOG')) as string[][];
  return [...new Set(log.map((entry) => String(entry[entry.indexOf('object') + 1])))];
}

test('the user with the least rights is enough for everything', async () => {
  const { url, admin } = await serverWithUser();
  const one = new Carillon({ redis: url, tasks: { greet: (name: string) => `hello ${name}` } });
  onTestFinished(() => one.shutdown());
  const events = await captureEvents(one);
  await one.start();
  await one.addJob({ id: 'greet', task: 'greet', args: ['you'], trigger: interval('200ms') });
  const { value } = await events.first('job_executed');
  expect(value).toBe('hello you');

  const replayed = new CapturedEvents();
  await one.addListener((event) => replayed.add(event), ['job_executed'], { since: new Date(0) });
  await replayed.first('job_executed');
  const run = await one.enqueue('greet', ['me'], { priority: 5, retry: { attempts: 2 } });
  expect(await run.result()).toBe('hello me');
  expect(await one.getRun(run.runId)).toMatchObject({ state: 'executed' });
  // Otherwise its next fire replaces the run that the test waits for.
  await one.pauseJob('greet');
  await one.modifyJob('greet', { overlap: 'replace', history: {} });
  await (await one.runJob('greet')).result();
  expect(await one.getRuns('greet')).not.toEqual([]);

  // Many runs at once are delivered in another way.
  const at = new Date(Date.now() + 1_000);
  for (let n = 0; n < 50; n++) {
    await one.addJob({
      id: `at-once-${n}`,
      task: 'greet',
      args: ['all'],
      trigger: { type: 'date', at: at.toISOString() },
    });
  }
  await events.count('job_executed', 53);

  const setting = { env: { CARILLON_REDIS_URL: url } };
  const [report] = (await done(['doctor', '--json'], setting)).json;
  const findings = report?.findings as { readonly code: string }[];
  // A run that is on its way at that moment is not a fault.
  expect(findings.filter(({ code }) => code !== 'outbox_not_empty')).toEqual([]);
  for (const command of [
    ['pause', 'greet'],
    ['resume', 'greet'],
    ['pause', '--all'],
    ['resume', '--all'],
  ]) {
    await done(['jobs', ...command], setting);
  }
  await done(['jobs', 'run', 'greet'], setting);
  await done(['jobs', 'export'], setting);
  await done(['jobs', 'remove', 'greet'], setting);
  await one.shutdown();

  // Doctor asks when snapshots are saved, and works without the answer.
  expect(await refused(admin)).toEqual(['config|get']);
});

test('the user with the least rights has no others', async () => {
  const { url, redis } = await serverWithUser();
  const user = new Redis(url);
  onTestFinished(() => user.disconnect());
  await user.set('{carillon:default}:own', '1');
  const others = [
    ['SET', 'other', '1'],
    ['GET', 'carillon:other'],
    ['EVAL', "return redis.call('GET', 'other')", '0'],
    ['PUBLISH', 'other', '1'],
    ['KEYS', '*'],
    ['FLUSHALL'],
    ['CONFIG', 'SET', 'save', ''],
    ['SCRIPT', 'FLUSH'],
    ['CLIENT', 'KILL', 'TYPE', 'normal'],
    ['ACL', 'LIST'],
    ['SHUTDOWN'],
  ] as const;
  for (const [command, ...args] of others) {
    await expect(user.call(command, ...args), `${command} ${args.join(' ')}`).rejects.toThrow(/NOPERM|can't access/);
  }
  const login = await carillon(['jobs', 'list'], {
    env: { CARILLON_REDIS_URL: redis.url.replace('redis://', 'redis://carillon:wrong@') },
  });
  expect(login).toMatchObject({ code: 4 });
});
