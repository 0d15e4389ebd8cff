import { expect, test } from 'vitest';
import { AnswerLimit } from '../../packages/redis/src/store/answer-limit.js';
import { ScriptRunner } from '../../packages/redis/src/store/script-runner.js';
import { Stored } from '../support/in-process.js';
import { redisUrl } from '../support/redis.js';

test('an answer that came while the process was busy past the limit counts', async () => {
  const { client } = new Stored().backend;
  await client.ping();
  const scripts = new ScriptRunner({ client, redis: redisUrl(), outage: () => undefined, limit: new AnswerLimit(50) });
  const answer = scripts.answered(() => client.ping());
  // The question is on its way after one turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  const until = performance.now() + 200;
  while (performance.now() < until);
  expect(await answer).toBe('PONG');
});

test('without an answer, a call fails once the limit is over', async () => {
  const { client } = new Stored().backend;
  await client.ping();
  const scripts = new ScriptRunner({ client, redis: redisUrl(), outage: () => undefined, limit: new AnswerLimit(50) });
  await expect(scripts.answered(() => new Promise(() => {}))).rejects.toMatchObject({ code: 'CONNECTION' });
});
