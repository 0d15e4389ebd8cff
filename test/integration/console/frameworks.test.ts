import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ConsoleOptions, makeToken } from '@carillon/console';
import { Scheduler } from '@carillon/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownPrefix, redisUrl } from '../../support/redis.js';
import { rewritingProxy } from '../../support/rewriting-proxy.js';

type Start = (options: ConsoleOptions, path: string) => Server | Promise<Server>;
const FRAMEWORKS = ['node', 'express', 'fastify', 'hono', 'koa', 'nest'];
/** These mount at a path, which must not be empty. */
const MOUNTS = new Set(['express', 'nest']);

const { token, record } = makeToken({ actor: 'ann', role: 'admin' });
const json = { 'content-type': 'application/json' };
const own = { authorization: `Bearer ${token}`, ...json };

let scheduler: Scheduler;
beforeAll(async () => {
  scheduler = new Scheduler({ redis: redisUrl(), prefix: ownPrefix() });
  await scheduler.start();
});
const servers: Server[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve).closeAllConnections())));
  await scheduler.shutdown();
});

async function listening(server: Server): Promise<string> {
  if (!server.listening) await once(server, 'listening');
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A proxy at `/tools/x/`, over https. */
const proxyOf = (origin: string, path: string) => listening(rewritingProxy(origin, path, { proto: 'https' }));

/** Checks that the console does here all that it does. `at` has no slash at its end. */
async function works(at: string, id: string): Promise<void> {
  const page = await fetch(at);
  // The address of the page ends in a slash. Otherwise its own relative addresses would lead elsewhere.
  expect(page.url).toBe(`${at}/`);
  expect(page.status).toBe(200);
  const html = await page.text();
  const [, script = ''] = /<script[^>]* src="([^"]+)"/.exec(html) ?? [];
  expect(script).not.toMatch(/^\/|^[a-z]+:/);
  const loaded = await fetch(new URL(script, page.url));
  expect([loaded.status, loaded.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
  expect((await fetch(`${at}/openapi.json`)).status).toBe(200);
  const jobs = `${at}/v1/stores/default/jobs`;
  expect((await fetch(jobs)).status).toBe(401);
  const stream = await fetch(`${at}/v1/stores/default/events/stream`, { headers: own });
  const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
  const job = { id, task: 'report', nextRunTime: null, description: 'é'.repeat(200) };
  const added = await fetch(jobs, { method: 'POST', headers: own, body: JSON.stringify(job) });
  expect([added.status, await added.json()]).toMatchObject([201, { id, description: job.description }]);
  let reported = '';
  while (!reported.includes('"job_added"')) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended: ${reported}`);
    reported += new TextDecoder().decode(value);
  }
  await reader.cancel();
  const one = await fetch(`${jobs}/${encodeURIComponent(id)}`, { headers: own });
  expect(await one.json()).toMatchObject({ id });
  const session = `${at}/v1/session`;
  const logIn = {
    method: 'POST',
    headers: { ...json, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ token }),
  };
  const begun = await fetch(session, logIn);
  expect(begun.status).toBe(204);
  const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(await (await fetch(session, { headers: { cookie } })).json()).toMatchObject({ actor: 'ann' });
  const removed = await fetch(`${jobs}/${encodeURIComponent(id)}`, { method: 'DELETE', headers: own, body: '{}' });
  expect(removed.status).toBe(204);
}

/** Imports the example that the docs show. */
async function startOf(name: string): Promise<Start> {
  return (await import(`../../../examples/console/${name}.js`)).start;
}

describe.each(FRAMEWORKS)('mounted in %s', (name) => {
  it('works at /', async () => {
    const start = await startOf(name);
    const options = { scheduler, auth: { tokens: [record] } };
    const origin = await listening(await start(options, MOUNTS.has(name) ? '/' : ''));
    await works(origin, `${name} a/b`);
  });

  it('works at /ops/carillon, and behind a proxy that rewrites the path', async () => {
    const start = await startOf(name);
    const path = '/ops/carillon';
    const origin = await listening(await start({ scheduler, auth: { tokens: [record] } }, path));
    await works(`${origin}${path}`, `${name} sub`);
    await works(`${await proxyOf(origin, path)}/tools/x`, `${name} proxied`);
  });
});
