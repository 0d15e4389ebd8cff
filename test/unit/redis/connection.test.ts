import { EventEmitter } from 'node:events';
import { OutageWatch } from '@carillon/core/internal';
import { RedisBackend } from '@carillon/redis';
import { expect, it } from 'vitest';
import { connectionError } from '../../../packages/redis/src/connection/connection.js';
import { ConnectionWatch } from '../../../packages/redis/src/connection/connection-watch.js';

const NOWHERE = { host: '127.0.0.1', port: 1 };

it.each([
  ['of a server', NOWHERE],
  ['of a cluster', { cluster: [NOWHERE] }],
])('a copy of a client %s may fail though BullMQ, which closes it, listens no more', async (_, redis) => {
  const backend = new RedisBackend({ redis, report: () => {}, fail: 'never' });
  const copy = backend.client.duplicate();
  expect(copy.emit('error', new Error('ERR max number of clients reached'))).toBe(true);
  copy.disconnect();
  await backend.close();
});

it('what ends a connection as soon as it is made is taken for what it may be', () => {
  const ended = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  expect(connectionError(NOWHERE, ended).message).toMatch(/write EPIPE: .*maxclients.*check that it runs/);
  const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
  expect(connectionError(NOWHERE, refused).message).toMatch(/\(ECONNREFUSED\)/);
});

it('an outage lasts from the first failure on until it works, and says what was last', () => {
  let now = 1;
  const watch = new OutageWatch({ now: () => now });
  expect(watch.outage).toBeNull();
  watch.began('one');
  now = 2;
  watch.began(new Error('two\n lines'));
  expect(watch.outage).toEqual({ since: 1, why: 'two lines' });
  watch.ended();
  watch.began('x'.repeat(1_000));
  expect(watch.outage).toEqual({ since: 2, why: 'x'.repeat(500) });
});

it('a connection is out from the moment it is lost, with what reconnecting fails with, until it is ready again', () => {
  const client = new EventEmitter();
  const watch = new ConnectionWatch(client, { now: () => 7, after: () => () => {} });
  expect(watch.outage).toBeNull();
  client.emit('close');
  expect(watch.outage).toEqual({ since: 7, why: 'the connection to Redis is lost' });
  client.emit('error', new Error('refused'));
  client.emit('close');
  expect(watch.outage).toEqual({ since: 7, why: 'refused' });
  client.emit('ready');
  expect(watch.outage).toBeNull();
});
