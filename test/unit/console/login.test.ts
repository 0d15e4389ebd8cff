import { createConsole, makeToken, readTokens, type TokenRecord } from '@carillon/console';
import { Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { afterEach, describe, expect, it, vi } from 'vitest';

const { token, record } = makeToken({ actor: 'ann', role: 'operator' });

function withTokens(tokens: readonly TokenRecord[] = [record]) {
  const scheduler = new Scheduler({ backend: new MemoryCluster().connect() });
  const console = createConsole({ scheduler, auth: { tokens } });
  const send = (method: string, headers: Record<string, string> = {}, body?: unknown, address = '1.1.1.1') => {
    const own = method === 'GET' ? {} : { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
    const init = { method, headers: { ...own, ...headers }, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return console.fetch(new Request('http://console.test/v1/session', init), { address });
  };
  const logIn = (given: string, headers?: Record<string, string>, address?: string) =>
    send('POST', headers, { token: given }, address);
  return { send, logIn };
}

const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';

afterEach(() => void vi.useRealTimers());

describe('tokens', () => {
  it('are kept as digests, and hold until they expire', async () => {
    expect(JSON.stringify(record)).not.toContain(token);
    const { send } = withTokens([{ ...record, expires: '2000-01-01T00:00:00Z' }]);
    expect((await send('GET', { authorization: `Bearer ${token}` })).status).toBe(401);
    const held = withTokens();
    const answer = await held.send('GET', { authorization: `Bearer ${token}` });
    expect(await answer.json()).toMatchObject({ actor: 'ann', rights: ['read', 'operate', 'enqueue'] });
    expect((await held.send('GET', { authorization: `Basic ${token}` })).status).toBe(401);
  });

  it('are read from lines of JSON; what is wrong with one is named with its line', () => {
    expect(readTokens(`\n${JSON.stringify(record)}\n\n`)).toEqual([record]);
    for (const wrong of [
      '{',
      '{}',
      JSON.stringify({ ...record, rolle: 'admin' }),
      JSON.stringify({ hash: record.hash, actor: 'x' }),
    ]) {
      expect(() => readTokens(`\n${wrong}`)).toThrow(/line 2/);
    }
  });

  it('without any, and without a function, there is no console', () => {
    const scheduler = new Scheduler({ backend: new MemoryCluster().connect() });
    for (const auth of [undefined, null, {}, { tokens: [] }, 'none']) {
      expect(() => createConsole({ scheduler, auth: auth as never })).toThrow(/auth/);
    }
  });
});

describe('a session', () => {
  it('begins with a token, under an id of its own each time, and ends when asked to, and after 12 hours', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { send, logIn } = withTokens();
    // The console never takes an id that a client has chosen.
    const fixed = 'carillon=chosen';
    const first = await logIn(token, { cookie: fixed });
    expect(first.status).toBe(204);
    expect(first.headers.get('set-cookie')).toMatch(
      /^carillon=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    const cookie = cookieOf(first);
    expect((await send('GET', { cookie: fixed })).status).toBe(401);
    expect((await send('GET', { cookie })).status).toBe(200);
    const second = cookieOf(await logIn(token, { cookie }));
    expect(second).not.toBe(cookie);
    expect((await send('GET', { cookie })).status).toBe(401);
    expect((await send('DELETE', { cookie: second })).status).toBe(204);
    expect((await send('GET', { cookie: second })).status).toBe(401);
    const third = cookieOf(await logIn(token));
    vi.setSystemTime(Date.now() + 12 * 3_600_000);
    expect((await send('GET', { cookie: third })).status).toBe(401);
  });

  it('over https has a cookie that no other host can set, and is taken under no other name', async () => {
    const { send, logIn } = withTokens();
    const answer = await logIn(token, { origin: 'https://console.test' });
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-carillon=.*; HttpOnly; SameSite=Strict;.*; Secure$/);
    const cookie = cookieOf(answer);
    expect((await send('GET', { cookie })).status).toBe(200);
    expect((await send('GET', { cookie: cookie.replace('__Host-', '') })).status).toBe(401);
  });

  it('is begun and ended by the console alone, and never by a page of another origin', async () => {
    const { send, logIn } = withTokens();
    for (const site of ['cross-site', 'same-site', 'none', '']) {
      expect((await logIn(token, { 'sec-fetch-site': site })).status).toBe(403);
      expect((await send('DELETE', { 'sec-fetch-site': site })).status).toBe(403);
    }
    expect((await logIn(token, { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('is the oldest to go where there are too many', async () => {
    const { send, logIn } = withTokens();
    const first = cookieOf(await logIn(token));
    for (let others = 0; others < 1_000; others++) await logIn(token);
    expect((await send('GET', { cookie: first })).status).toBe(401);
  });

  it('is one of 100 of its token, and of 1,000 of all tokens: a user that logs in again and again ends no session of others', async () => {
    const made = Array.from({ length: 12 }, (_, index) => makeToken({ actor: `actor ${index}`, role: 'viewer' }));
    const [victim, eve, ...others] = made.map(({ token: one }) => one) as [string, string, ...string[]];
    const { send, logIn } = withTokens(made.map(({ record: one }) => one));
    const kept = cookieOf(await logIn(victim));
    for (let again = 0; again < 1_000; again++) await logIn(eve);
    expect((await send('GET', { cookie: kept })).status).toBe(200);
    for (const other of others) for (let again = 0; again < 100; again++) await logIn(other);
    expect((await send('GET', { cookie: kept })).status).toBe(401);
  });
});

describe('attempts that fail', () => {
  it('are no more looked at once an address had 10 in a minute, with the right token neither; others are not held up', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { send, logIn } = withTokens();
    for (let tries = 0; tries < 5; tries++) {
      expect((await logIn('wrong')).status).toBe(401);
      expect((await send('GET', { authorization: 'Bearer wrong' })).status).toBe(401);
    }
    const refused = await logIn(token);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await send('GET', { authorization: `Bearer ${token}` })).status).toBe(429);
    expect((await logIn(token, {}, '2.2.2.2')).status).toBe(204);
    vi.setSystemTime(Date.now() + 60_000);
    expect((await logIn(token)).status).toBe(204);
  });

  it('from many addresses are bounded, too', async () => {
    const { logIn } = withTokens();
    for (let tries = 0; tries < 200; tries++) await logIn('wrong', {}, `10.0.0.${tries}`);
    expect((await logIn('wrong', {}, '10.0.1.1')).status).toBe(429);
  });

  it('from the addresses of one IPv6 network count as from one, however they are written', async () => {
    const { logIn } = withTokens();
    const own = (host: number) => (host % 2 === 0 ? `2001:db8:0:7::${host + 1}` : `2001:0DB8::7:0:0:1:${host}`);
    for (let host = 0; host < 10; host++) expect((await logIn('wrong', {}, own(host))).status).toBe(401);
    expect((await logIn(token, {}, '2001:db8:0:7:a:b:c:d')).status).toBe(429);
    for (const other of ['2001:db8:0:8::1', '::1', 'fe80::1%eth0', '::ffff:10.0.0.1', '10.0.0.2', '']) {
      expect([other, (await logIn(token, {}, other)).status]).toEqual([other, 204]);
    }
  });

  it('from an IPv4 address count as from one, also where it is written as an IPv6 one; from its neighbours they do not', async () => {
    const { logIn } = withTokens();
    for (let tries = 0; tries < 10; tries++) await logIn('wrong', {}, tries % 2 ? '10.0.0.1' : '::ffff:10.0.0.1');
    expect((await logIn(token, {}, '10.0.0.1')).status).toBe(429);
    expect((await logIn(token, {}, '::ffff:10.0.0.2')).status).toBe(204);
  });
});
