import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { ownPrefix } from '../../support/redis.js';
import { carillon, Running } from './carillon.js';
import { Spawned } from './spawned.js';

it('health reports how a server on this machine is, and ends with 1 where no server answers', async () => {
  const prefix = ownPrefix();
  const socket = join(tmpdir(), `${prefix}.sock`);
  onTestFinished(() => rm(socket, { force: true }));
  const ask = () => carillon(['health', '--health-socket', socket]);

  const before = await ask();
  expect(before).toMatchObject({ code: 1, stdout: '' });
  expect(before.stderr).toMatch(/^carillon: no server replies at .*: is the server running\?\n$/);

  const coordinator = new Spawned(['coordinator', '--health-socket', socket], { prefix });
  const [health] = await eventually(async () => {
    const answer = await ask();
    expect(answer.code).toBe(0);
    return answer.json;
  });
  expect(health).toMatchObject({ status: 'running', jobStores: { default: {} } });

  coordinator.signal('SIGKILL');
  await eventually(async () => expect((await ask()).code).toBe(1));
});

it('a worker whose tasks never finish loading reports it, and ends once their time is over', async () => {
  const prefix = ownPrefix();
  const [socket, tasks] = ['sock', 'mjs'].map((extension) => join(tmpdir(), `${prefix}.${extension}`)) as [
    string,
    string,
  ];
  onTestFinished(async () => {
    for (const path of [socket, tasks]) await rm(path, { force: true });
  });
  await writeFile(tasks, 'await new Promise(() => {}); export const ping = () => {};');
  const worker = new Running(['worker', '--tasks', tasks, '--load-timeout', '5s', '--health-socket', socket], {
    prefix,
  });
  const loading = await eventually(async () => {
    const asked = await carillon(['health', '--health-socket', socket]);
    expect(asked.stderr).toBe('carillon: the server is not running\n');
    return asked;
  });
  expect(loading.code).toBe(1);
  expect(loading.json).toMatchObject([{ status: 'starting', unserved: [{ reason: 'tasks_loading' }] }]);
  const alive = await carillon(['health', '--health-socket', socket, '--alive']);
  expect([alive.code, alive.stderr]).toEqual([0, '']);
  const { code, stderr } = await worker.ended();
  expect(code).toBe(2);
  expect(stderr).toMatch(/^carillon: --tasks: .* has not finished loading after 5 s: .*$/m);
});
