import { readFileSync } from 'node:fs';
import { Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { describe, expect, it } from 'vitest';
import { authOf } from '../../../packages/carillon/src/cli/console/auth.js';
import { type ConsolePackage, loadConsole } from '../../../packages/carillon/src/cli/console/load.js';
import { createConsole, makeToken, readTokens } from '../../../packages/console/src/index.js';
import { file } from '../../support/file.js';

const { record } = makeToken({ actor: 'ann', role: 'admin' });
const line = JSON.stringify(record);

describe('who may use `carillon console`', () => {
  it('those who have a token of a file, of several, or of the environment', async () => {
    const tokens = [await file('a.jsonl', `\n${line}\n`), await file('b.jsonl', `${line}\n${line}`)];
    const env = { CARILLON_CONSOLE_TOKENS: line };
    const counts = [
      await authOf({ host: '0.0.0.0', tokens }, {}, { readTokens }),
      await authOf({ host: '0.0.0.0' }, env, { readTokens }),
      await authOf({ host: '0.0.0.0', tokens }, env, { readTokens }),
    ].map((auth) => 'tokens' in auth && auth.tokens.length);
    expect(counts).toEqual([3, 1, 4]);
  });

  it('is said, or it does not start', async () => {
    const blank = await file('blank.jsonl', '\n');
    const wrong = await file('wrong.jsonl', `${line}\n{"actor": "eve"}`);
    const rows = [
      [{}, {}, /no user could log in/],
      [{ tokens: [] }, {}, /no user could log in/],
      [{ tokens: [blank] }, {}, /no user could log in/],
      [{ tokens: [`${blank}.gone`] }, {}, /--tokens: .*gone cannot be read: /],
      [{ tokens: [wrong] }, {}, /--tokens: .*wrong\.jsonl: tokens, line 2: /],
      [{}, { CARILLON_CONSOLE_TOKENS: 'secret' }, /line 1/],
      [{ insecureLoopback: true, tokens: [blank] }, {}, /tokens are given as well/],
      [{ insecureLoopback: true }, { CARILLON_CONSOLE_TOKENS: line }, /tokens are given as well/],
      ...['0.0.0.0', '::', '10.0.0.1', '128.0.0.1', '127.0.0.1.example', 'localhost.example', 'example.org', ''].map(
        (host) => [{ insecureLoopback: true, host }, {}, /is not a loopback address/] as const,
      ),
    ] as const;
    for (const [options, env, why] of rows) {
      await expect(authOf({ host: '127.0.0.1', ...options }, env, { readTokens }), `${why}`).rejects.toThrow(why);
    }
  });

  it('with --insecure-loopback: all users, by a name of this machine alone', async () => {
    for (const host of ['127.0.0.1', 'localhost', '::1', '127.1.2.3']) {
      const auth = await authOf({ host, insecureLoopback: true }, {}, { readTokens });
      if (typeof auth !== 'function') throw new Error('it wants tokens');
      const asked = (name: string) => auth(new Request(`http://${name}/v1/stores`));
      for (const own of ['127.0.0.1:7300', 'localhost', '[::1]:7300']) {
        expect(asked(own), own).toEqual({ actor: 'insecure-loopback', role: 'admin' });
      }
      for (const foreign of ['evil.example', '127.0.0.1.evil.example:7300', 'localhost.evil.example', '10.0.0.1']) {
        expect(asked(foreign), foreign).toBeNull();
      }
    }
  });
});

it('the token that docker-compose.yml names is the one of the file that it mounts', async () => {
  const [token = ''] = /\bcct_[\w-]+/.exec(readFileSync('docker-compose.yml', 'utf8')) ?? [];
  const tokens = readTokens(readFileSync('examples/console-tokens.jsonl', 'utf8'));
  const scheduler = new Scheduler({ backend: new MemoryCluster().connect() });
  const headers = { authorization: `Bearer ${token}` };
  const asked = new Request('http://console.test/v1/session', { headers });
  expect((await createConsole({ scheduler, auth: { tokens } }).fetch(asked)).status).toBe(200);
});

it('says how to install the console where it is not installed, and of other faults what they are', async () => {
  const missing = (name: string) => async (): Promise<ConsolePackage> => {
    throw Object.assign(new Error(`Cannot find package '${name}'`), { code: 'ERR_MODULE_NOT_FOUND' });
  };
  await expect(loadConsole(missing('@carillon/console'))).rejects.toThrow('npm install @carillon/console');
  await expect(loadConsole(missing('hono'))).rejects.toThrow("Cannot find package 'hono'");
});
