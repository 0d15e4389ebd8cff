import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { ownPrefix } from '../../support/redis.js';
import { carillon } from './carillon.js';
import { Spawned } from './spawned.js';

it('health tells how a server on this machine is, and ends with 1 where nobody answers', async () => {
  const prefix = ownPrefix();
  const socket = join(tmpdir(), `${prefix}.sock`);
  onTestFinished(() => rm(socket, { force: true }));
  const ask = () => carillon(['health', '--health-socket', socket]);

  const before = await ask();
  expect(before).toMatchObject({ code: 1, stdout: '' });
  expect(before.stderr).toMatch(/^carillon: nobody answers at .*: is the server running\?\n$/);

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
