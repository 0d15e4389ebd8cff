import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { TcpProxy } from './tcp-proxy.js';

let echo: Server;
let proxy: TcpProxy;
let port: number;

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = new TcpProxy((echo.address() as AddressInfo).port);
  port = Number(new URL(await proxy.listen()).port);
});

afterEach(async () => {
  await proxy.close();
  echo.close();
});

interface Client {
  readonly socket: Socket;
  readonly received: () => string;
  readonly failure: () => string | undefined;
}

async function dial(): Promise<Client> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  let failure: string | undefined;
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    failure = error.code;
  });
  await once(socket, 'connect');
  return { socket, received: () => received, failure: () => failure };
}

/** Sends a byte and resolves once it has come back. */
async function answers({ socket, received }: Client): Promise<void> {
  const before = received();
  socket.write('?');
  await eventually(() => expect(received()).toBe(`${before}?`));
}

test('what is late stays in order, also when the delay ends', async () => {
  const client = await dial();
  await answers(client);
  proxy.delay(200);
  const sentAt = performance.now();
  client.socket.write('a');
  await delay(20);
  client.socket.write('b');
  await eventually(() => expect(client.received()).toBe('?ab'));
  expect(performance.now() - sentAt).toBeGreaterThan(390);
  client.socket.write('c');
  await delay(20);
  proxy.open();
  client.socket.write('d');
  await eventually(() => expect(client.received()).toBe('?abcd'));
  expect(proxy.traffic.late).toBeGreaterThanOrEqual(5);
});

test('what is held comes once it is open', async () => {
  const client = await dial();
  await answers(client);
  proxy.hold();
  client.socket.write('a');
  await delay(100);
  expect(client.received()).toBe('?');
  proxy.open();
  await eventually(() => expect(client.received()).toBe('?a'));
});

test('what is cut is reset, and new connections work', async () => {
  const client = await dial();
  await answers(client);
  expect(proxy.cut()).toBe(1);
  await eventually(() => expect(client.failure()).toBe('ECONNRESET'));
  await answers(await dial());
});

test('replies are lost, though requests pass; the connection ends with it', async () => {
  const client = await dial();
  await answers(client);
  proxy.mute();
  client.socket.write('abc');
  await eventually(() => expect(proxy.traffic).toMatchObject({ requests: 4, lost: 3 }));
  proxy.open();
  await eventually(() => expect(client.socket.destroyed).toBe(true));
  expect(client.received()).toBe('?');
});

test('a half-open connection takes and gives nothing, also if it is new, also if the other end is gone', async () => {
  const client = await dial();
  await answers(client);
  proxy.swallow();
  const later = await dial();
  client.socket.write('abc');
  later.socket.write('d');
  await eventually(() => expect(proxy.traffic.lost).toBe(4));
  expect(client.received() + later.received()).toBe('?');
  expect([client, later].map(({ socket }) => socket.destroyed)).toEqual([false, false]);
  proxy.open();
  await eventually(() => expect([client, later].map(({ socket }) => socket.destroyed)).toEqual([true, true]));
});

test('where it is shut, no connection gets in', async () => {
  const client = await dial();
  await answers(client);
  proxy.shut();
  const refused = connect(port, '127.0.0.1');
  await new Promise((resolve) => refused.once('error', () => {}).once('close', resolve));
  proxy.open();
  await answers(await dial());
});
