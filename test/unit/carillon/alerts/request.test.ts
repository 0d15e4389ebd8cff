import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type OutgoingRequest, sendRequest } from '../../../../packages/carillon/src/alerts/http/request.js';

/** Starts a server on loopback, and returns its URL. */
async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => void server.close().closeAllConnections());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (status: number, body = '', headers = {}) =>
  served((_, response) => void response.writeHead(status, headers).end(body));

function send(url: string, more: Partial<OutgoingRequest> = {}): Promise<void> {
  const allowHosts = new Set(['127.0.0.1']);
  return sendRequest({ url: new URL(url), method: 'POST', body: '{}', timeoutMs: 60_000, allowHosts, ...more });
}

const refused = (url: string, more: Partial<OutgoingRequest> = {}) =>
  send(url, more).then(
    () => 'sent',
    ({ message }: Error) => message,
  );

/** Resolves each name to these addresses. */
const resolvingTo = (...addresses: string[]) =>
  ((_host: string, _options: object, callback: (...reported: unknown[]) => void) => {
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as unknown as NonNullable<OutgoingRequest['resolve']>;

describe('a request to a host that is not trusted', () => {
  it('brings what it is to, once', async () => {
    const seen: unknown[] = [];
    const url = await served(async ({ method, url, headers }, response) => {
      seen.push([method, url, headers['content-length'], headers['x-a']]);
      response.writeHead(204).end();
    });
    await send(`${url}/path?x=1`, { body: '"ö"', headers: { 'x-a': 'b' } });
    expect(seen).toEqual([['POST', '/path?x=1', '4', 'b']]);
  });

  it('takes 2xx for success, and reports all else', async () => {
    for (const status of [200, 201, 202, 204, 299]) await send(await answering(status));
    expect(await refused(await answering(500, 'out of\n\n order'))).toBe('the answer is 500: out of order');
    expect(await refused(await answering(404))).toBe('the answer is 404');
  });

  it('follows no redirect', async () => {
    let reached = 0;
    const target = await served((_, response) => {
      reached += 1;
      response.end();
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const url = await answering(status, '', { location: target });
      expect(await refused(url)).toBe(`the answer is ${status}, and redirects are not followed`);
    }
    expect(reached).toBe(0);
  });

  it('ends in time, whatever a receiver holds back', async () => {
    const silent = await served(() => {});
    const halfWay = await served((_, response) => void response.writeHead(500).write('x'));
    for (const url of [silent, halfWay]) {
      expect(await refused(url, { timeoutMs: 50 })).toBe('no answer within 50ms');
    }
    // This server accepts connections and stays silent. It reads, because otherwise it would not see them end.
    const tcp = createTcpServer((socket) => void socket.resume());
    onTestFinished(() => void tcp.close());
    await once(tcp.listen(0, '127.0.0.1'), 'listening');
    const { port } = tcp.address() as AddressInfo;
    expect(await refused(`http://127.0.0.1:${port}`, { timeoutMs: 50 })).toBe('no answer within 50ms');
    const stop = new AbortController();
    const stopped = refused(silent, { signal: stop.signal });
    stop.abort();
    expect(await stopped).toMatch(/aborted/);
  });

  it('reads no more than 64 KiB of an answer that does not end', async () => {
    let sent = 0;
    const url = (status: number) =>
      served((_, response) => {
        response.writeHead(status);
        const more = () => {
          sent += 65_536;
          if (!response.destroyed && sent < 2 ** 30) response.write(Buffer.alloc(65_536, 'x'), more);
        };
        more();
      });
    await send(await url(200));
    expect(await refused(await url(503))).toBe(`the answer is 503: ${'x'.repeat(200)}`);
    expect(sent).toBeLessThan(2 ** 27);
    const long = await answering(200, '', { 'x-long': 'x'.repeat(40_000) });
    expect(await refused(long)).toMatch(/Header/);
  });

  it('reaches no private address, written or resolved, unless its host is allowed by name', async () => {
    let reached = 0;
    const url = await served((_, response) => {
      reached += 1;
      response.end();
    });
    const { port } = new URL(url);
    const none = { allowHosts: new Set<string>() };
    const written = [
      '127.0.0.1',
      '127.1',
      '0x7f000001',
      '2130706433',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
      '169.254.169.254',
    ];
    for (const host of written) {
      expect(await refused(`http://${host}:${port}`, none)).toMatch(
        /^\S+ is at \S+, which is not an address of the public/,
      );
    }
    for (const resolve of [resolvingTo('127.0.0.1'), resolvingTo('::1', '10.1.2.3')]) {
      expect(await refused(`http://hooks.example:${port}`, { ...none, resolve })).toMatch(
        /^hooks\.example is at .*: name "hooks\.example" in allowHosts/,
      );
    }
    expect(await refused(`http://localhost:${port}`)).toMatch(/^localhost is at /);
    expect(reached).toBe(0);
    await send(`http://hooks.example:${port}`, {
      allowHosts: new Set(['hooks.example']),
      resolve: resolvingTo('127.0.0.1'),
    });
    expect(reached).toBe(1);
  });

  it('asks once where a name is, and names all of its addresses where none is public', async () => {
    const asked: string[] = [];
    const resolve = resolvingTo('127.0.0.1', '2001:db8::1');
    const message = await refused('http://both.example:1', {
      allowHosts: new Set(),
      resolve: ((host: string, ...rest: unknown[]) => {
        asked.push(host);
        Reflect.apply(resolve, undefined, [host, ...rest]);
      }) as unknown as NonNullable<OutgoingRequest['resolve']>,
    });
    expect(message).toMatch(/^both\.example is at 127\.0\.0\.1, 2001:db8::1,/);
    // The name is resolved once: a later answer changes nothing.
    expect(asked).toEqual(['both.example']);
  });
});
