import { describe, expect, it } from 'vitest';
import { Stored } from '../../support/in-process.js';
import { redisUrl } from '../../support/redis.js';
import { type Command, carillon, done, file, Running, TASKS } from './carillon.js';
import { Spawned } from './spawned.js';

const NONE = { CARILLON_REDIS_URL: '', REDIS_URL: '' };

/** Starts `carillon dev` with a Redis of its own. Returns the command and the URL of that Redis. */
async function develop(
  tasks: string,
  more: readonly string[] = [],
  Server: new (...args: ConstructorParameters<typeof Running>) => Command = Running,
): Promise<{ dev: Command; redis: string }> {
  const dev = new Server(['dev', '--tasks', tasks, ...more], { env: NONE });
  await dev.says('worker started');
  const redis = /"redis":"(redis:[^"]+)"/.exec(dev.stdout)?.[1] ?? '';
  expect(redis).not.toBe('');
  return { dev, redis };
}

describe('carillon dev', () => {
  it('runs everything, with a Redis of its own that goes with it', async () => {
    const { dev, redis } = await develop(await file('tasks.mjs', TASKS), [], Spawned);
    const at = ['--redis', redis];
    const events = new Running(['events', '--type', 'job_executed', '--json', '--count', '1', ...at]);
    await events.says('listening');
    await done(['jobs', 'add', 'greet', '--args', '["you"]', ...at]);
    expect((await events.ended()).json[0]).toMatchObject({ value: 'hello you' });
    dev.signal('SIGINT');
    expect((await dev.ended()).code).toBe(0);
    expect((await carillon(['jobs', 'list', ...at])).code).toBe(4);
  });

  it('--console serves the console on this machine, which ends with the rest', async () => {
    const { dev } = await develop(await file('tasks.mjs', TASKS), ['--console', '0']);
    await dev.says('console: open');
    const [, url = ''] = /"url":"([^"]+)"/.exec(dev.stdout) ?? [];
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    const body = JSON.stringify({ id: 'x', task: 'greet', nextRunTime: null });
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
    expect((await fetch(`${url}v1/stores/default/jobs`, { method: 'POST', headers, body })).status).toBe(201);
    dev.signal('SIGTERM');
    expect((await dev.ended()).code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('--memory needs no Redis, whatever the environment names; its console has the jobs', async () => {
    const tasks = await file('tasks.mjs', TASKS);
    const env = { CARILLON_REDIS_URL: 'redis://127.0.0.1:1' };
    const dev = new Running(['dev', '--tasks', tasks, '--memory', '--console', '0'], { env });
    await dev.says('jobs are in memory');
    await dev.says('console: open');
    const [, url = ''] = /"url":"([^"]+)"/.exec(dev.stdout) ?? [];
    const body = JSON.stringify({ id: 'x', task: 'greet', nextRunTime: null });
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
    expect((await fetch(`${url}v1/stores/default/jobs`, { method: 'POST', headers, body })).status).toBe(201);
    dev.signal('SIGTERM');
    expect((await dev.ended()).code).toBe(0);
    const refused = await carillon(['dev', '--tasks', tasks, '--memory', '--port', '6379'], { env: NONE });
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--memory: there is no Redis then: leave out --port'),
    });
  });

  it('keeps its data in a folder', async () => {
    const tasks = await file('tasks.mjs', TASKS);
    const data = ['--data', tasks.replace('tasks.mjs', 'data')];
    const first = await develop(tasks, data);
    await done(['jobs', 'add', 'greet', '--id', 'x', '--every', '1h', '--redis', first.redis]);
    first.dev.signal('SIGTERM');
    expect((await first.dev.ended()).code).toBe(0);
    const second = await develop(tasks, data);
    expect((await done(['jobs', 'list', '--json', '--redis', second.redis])).json).toMatchObject([{ id: 'x' }]);
    second.dev.signal('SIGTERM');
    await second.dev.ended();
  });

  it('takes a Redis that is given', async () => {
    const { prefix } = new Stored();
    const tasks = await file('tasks.mjs', TASKS);
    const dev = new Running(['dev', '--tasks', tasks], { prefix, env: { ...NONE, REDIS_URL: redisUrl() } });
    await dev.says('worker started');
    expect(dev.stdout).not.toContain('started a Redis');
    dev.signal('SIGTERM');
    expect((await dev.ended()).code).toBe(0);
  });

  it('fails where the given Redis is not reached', async () => {
    const tasks = await file('tasks.mjs', TASKS);
    const ended = await carillon(['dev', '--tasks', tasks, '--redis', 'redis://127.0.0.1:1', '--log-level', 'silent']);
    expect(ended).toMatchObject({ code: 4, stdout: '' });
    expect(ended.stderr).toMatch(/^carillon: Redis at [^\n]+\n$/);
  });
});
