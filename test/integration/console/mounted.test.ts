import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConsole } from '@carillon/console';
import { nodeListener } from '@carillon/console/node';
import { Scheduler } from '@carillon/core';
import { afterAll, expect, it } from 'vitest';
import { ownPrefix, redisUrl } from '../../support/redis.js';

const ends: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(ends.map((end) => end())));

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function consoleOnRedis() {
  const scheduler = new Scheduler({ redis: redisUrl(), prefix: ownPrefix() });
  ends.push(() => scheduler.shutdown());
  const auth = (request: Request) =>
    request.headers.get('authorization') === 'Bearer sesame' ? ({ actor: 'ann', role: 'admin' } as const) : null;
  return { scheduler, console: createConsole({ scheduler, auth }) };
}

const token = { headers: { authorization: 'Bearer sesame' } };

it('is a listener of node:http', async () => {
  const { console, scheduler } = consoleOnRedis();
  await scheduler.addJob({ id: 'a/b é', task: 'report', nextRunTime: null });
  const url = await listening(createServer(nodeListener(console)));
  const answer = await fetch(`${url}/v1/stores/default/jobs`, token);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ jobs: [{ id: 'a/b é', paused: true }], cursor: null });
  expect((await fetch(`${url}/v1/stores/default/jobs`)).status).toBe(401);
  const page = await fetch(`${url}/`);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});
