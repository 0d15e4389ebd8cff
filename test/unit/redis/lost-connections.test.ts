import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { RedisClient } from '../../../packages/redis/src/connection/connection.js';
import { ScriptRunner } from '../../../packages/redis/src/store/script-runner.js';

test('lost connections are counted: that of a client, and that of a cluster to one of its nodes', () => {
  const client = Object.assign(new EventEmitter(), { options: {} });
  const scripts = new ScriptRunner({
    client: client as unknown as RedisClient,
    redis: 'redis://localhost',
    outage: () => undefined,
  });
  const counts = ['ready', 'close', 'ready', '+node', '-node'].map((event) => {
    client.emit(event);
    return scripts.lostConnections;
  });
  expect(counts).toEqual([0, 1, 1, 1, 2]);
});
