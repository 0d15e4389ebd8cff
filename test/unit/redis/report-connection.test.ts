import { EventEmitter } from 'node:events';
import type { Happening } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import type { RedisClient } from '../../../packages/redis/src/connection/connection.js';
import { reportConnection } from '../../../packages/redis/src/connection/report-connection.js';

/** The status and events of an ioredis client. */
class Client extends EventEmitter {
  status = 'wait';

  become(status: string): void {
    this.status = status;
    this.emit(status);
  }

  duplicate(): Client {
    return new Client();
  }
}

function watched() {
  const client = new Client();
  const reported: string[] = [];
  const report = (happening: Happening) => {
    if (happening.kind !== 'connection') return void reported.push(happening.kind);
    const { change, connection } = happening;
    const what = typeof change === 'object' ? (change.error as Error).message : change;
    reported.push(connection.answered ? what : `duplicate ${what}`);
  };
  const { givenUp } = reportConnection(client as unknown as RedisClient, 'redis://r', report);
  return { client, reported, givenUp };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

test('the life of a connection, from the first to the last', () => {
  const { client, reported, givenUp } = watched();
  for (const status of ['connecting', 'connect', 'ready', 'close', 'reconnecting', 'connecting']) client.become(status);
  client.emit('error', new Error('refused'));
  for (const status of ['close', 'connecting', 'ready']) client.become(status);
  givenUp(new Error('a dead end'));
  for (const status of ['close', 'end']) client.become(status);
  expect(reported).toEqual([
    ...['pending', 'up', 'pending', 'pending', 'refused', 'pending', 'pending', 'up'],
    ...['a dead end', 'pending', 'ended'],
  ]);
});

test('an error that ends a connection says less than whether it can be made again; one that does not is reported', async () => {
  const { client, reported } = watched();
  client.become('ready');
  client.emit('error', new Error('read ECONNRESET'));
  client.become('close');
  await soon();
  client.become('ready');
  expect(reported).toEqual(['up', 'pending', 'up']);
  client.emit('error', new Error('ERR DB index is out of range'));
  await soon();
  expect(reported.slice(3)).toEqual(['connection_error']);
});

test('what is made like it is watched too, and not asked, as it waits for long', () => {
  const { client, reported } = watched();
  const duplicate = client.duplicate();
  duplicate.become('connecting');
  duplicate.emit('error', new Error('refused'));
  duplicate.become('ready');
  expect(reported).toEqual(['duplicate pending', 'duplicate refused', 'duplicate up']);
});
