import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Stored } from '../../support/in-process.js';
import { carillon, done, file, Running } from './carillon.js';

/** Starts a console. Returns its command and URL. */
async function listening(args: readonly string[], prefix: string) {
  const command = new Running(['console', '--port', '0', ...args], { prefix });
  await command.says('"url"');
  const [, url = ''] = /"url":"([^"]+)"/.exec(command.stdout) ?? [];
  return { command, url };
}

it('console: a client with a token that `console token` made uses the API; SIGTERM ends streams, and it', async () => {
  const { prefix } = new Stored();
  await done(['jobs', 'add', 'greet', '--id', 'x', '--every', '1h'], { prefix });
  const made = await done(['console', 'token', '--actor', 'ann', '--role', 'viewer', '--expires', '1d']);
  const [, token] = /(cct_\S+)\n$/.exec(made.stderr) ?? [];
  expect(made.stdout).not.toContain(token);
  const { command, url } = await listening(['--tokens', await file('tokens.jsonl', made.stdout)], prefix);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const headers = { authorization: `Bearer ${token}` };
  const jobs = await fetch(`${url}v1/stores/default/jobs`, { headers });
  expect(await jobs.json()).toMatchObject({ jobs: [{ id: 'x' }] });
  expect((await fetch(`${url}v1/stores/default/jobs`)).status).toBe(401);
  const { body } = await fetch(`${url}v1/stores/default/events/stream`, { headers });
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  expect((await reader.read()).done).toBe(false);
  command.signal('SIGTERM');
  for (let end = false; !end; ) end = (await reader.read()).done;
  expect(await command.ended()).toMatchObject({ code: 0, stderr: '' });
  await expect(fetch(url)).rejects.toThrow();
});

it('console --insecure-loopback: all users of this machine, and no page of a foreign name that leads here', async () => {
  const { prefix } = new Stored();
  const { url } = await listening(['--insecure-loopback', '--job-store', 'default,reports'], prefix);
  expect(await (await fetch(`${url}v1/stores`)).json()).toEqual({
    stores: [{ jobStore: 'default' }, { jobStore: 'reports' }],
  });
  const foreign = request(`${url}v1/stores`, { headers: { host: 'evil.example' } }).end();
  const [answer] = await once(foreign, 'response');
  answer.resume();
  expect(answer.statusCode).toBe(401);
});

it('console: does not start without auth, with a wrong one, or where it cannot listen', async () => {
  expect(await carillon(['console'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^carillon: no user could log in: give --tokens FILE .*\n$/),
  });
  const open = await carillon(['console', '--insecure-loopback', '--host', '0.0.0.0']);
  expect(open).toMatchObject({ code: 2, stderr: expect.stringContaining('is not a loopback address') });
  expect(await carillon(['console', 'token', '--actor', 'ann'])).toMatchObject({ code: 2 });
  expect(await carillon(['console', 'token', '--actor', 'ann', '--rights', 'fly'])).toMatchObject({ code: 2 });
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const port = String((server.address() as AddressInfo).port);
  expect(await carillon(['console', '--insecure-loopback', '--port', port])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`127.0.0.1:${port} cannot be listened on: `),
  });
});

it('console token --json: both, for programs; with all that it may say', async () => {
  const who = ['--actor', 'ci', '--rights', 'read,enqueue', '--stores', 'a,b', '--tags', 'eu'];
  const rest = ['--redact', 'arguments,results', '--expires', '2099-01-01T00:00:00Z', '--json'];
  const { json } = await done(['console', 'token', ...who, ...rest]);
  expect(json).toEqual([
    {
      token: expect.stringMatching(/^cct_\S{43}$/),
      record: {
        actor: 'ci',
        rights: ['read', 'enqueue'],
        stores: ['a', 'b'],
        tags: ['eu'],
        redact: ['arguments', 'results'],
        expires: '2099-01-01T00:00:00.000Z',
        hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      },
    },
  ]);
});
