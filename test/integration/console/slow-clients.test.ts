import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createConsole } from '@carillon/console';
import { Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { expect, it, onTestFinished } from 'vitest';
import { listenWithin } from '../../../packages/console/src/node/listen.js';

const TIGHT = { headersMs: 200, requestMs: 400, checkMs: 50, connections: 3 };

/** Starts a console within bounds. Returns a function that connects to it and sends a text. */
async function served(bounds: Parameters<typeof listenWithin>[0], logged: unknown[] = []) {
  const scheduler = new Scheduler({ backend: new MemoryCluster().connect() });
  const logger = { error: (details: unknown) => void logged.push(details) };
  const console = createConsole({ scheduler, auth: () => ({ actor: 'ann', role: 'admin' }), logger });
  const { url, close } = await listenWithin(bounds, console);
  onTestFinished(close);
  const port = Number(new URL(url).port);
  return async (text: string): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  };
}

/** Returns all that is answered until the connection ends. */
async function answered(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (part) => {
    text += part;
  });
  await once(socket, 'close');
  return text;
}

it('a client that sends its headers, or its body, too slowly is answered 408 and cut off', async () => {
  const logged: unknown[] = [];
  const send = await served(TIGHT, logged);
  const head = 'POST /v1/stores/default/pause HTTP/1.1\r\nHost: x\r\n';
  expect(await answered(await send(head))).toMatch(/^HTTP\/1\.1 408 /);
  const own = 'Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{';
  expect(await answered(await send(`${head}${own}`))).toMatch(/^HTTP\/1\.1 408 /);
  // The console does not count this as a failure.
  expect(logged).toEqual([]);
});

it('more connections than there may be are closed, and others are served', async () => {
  const send = await served({ headersMs: 60_000, requestMs: 60_000, checkMs: 50, connections: 3 });
  const idle = [await send(''), await send('')];
  const third = await send('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n');
  const [first] = await once(third, 'data');
  expect(first).toMatch(/^HTTP\/1\.1 200 /);
  expect(await answered(await send('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))).toBe('');
  for (const socket of [...idle, third]) socket.destroy();
});
