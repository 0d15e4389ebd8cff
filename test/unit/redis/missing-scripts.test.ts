import type { Command } from 'ioredis';
import { expect, test } from 'vitest';
import type { RedisClient } from '../../../packages/redis/src/connection/connection.js';
import { runScript } from '../../../packages/redis/src/store/scripts.js';

/** A client of one server for each base. The first `fails` calls that send a source are broken off. */
function clientWith({ fails = 0 } = {}) {
  const known = new Set<string>();
  const sent: string[] = [];
  let left = fails;
  const later = () => new Promise((resolve) => setImmediate(resolve));
  const client = {
    sendCommand: async (command: Command) => {
      const { name } = command;
      const base = String(command.args[2]);
      const argument = String(command.toWritable({})).split('\r\n').at(-2);
      if (name === 'evalsha') {
        await later();
        if (!known.has(base)) throw new Error('NOSCRIPT No matching script');
        return argument;
      }
      sent.push(base);
      await later();
      if (left-- > 0) throw new Error('the connection was lost');
      known.add(base);
      return argument;
    },
  };
  const run = (base: string, arg: string) => runScript(client as unknown as RedisClient, 'reap', base, [arg]);
  const twenty = (baseOf: (index: number) => string) =>
    Promise.allSettled(Array.from({ length: 20 }, (_, index) => run(baseOf(index), `${index}`)));
  return { known, sent, twenty };
}

const answers = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.message));

const EACH = Array.from({ length: 20 }, (_, index) => `${index}`);

test('calls that find a script missing together send its source once, and again where the server forgot it', async () => {
  const { known, sent, twenty } = clientWith();
  expect(answers(await twenty(() => 'a'))).toEqual(EACH);
  expect(sent).toEqual(['a']);
  expect(answers(await twenty(() => 'a'))).toEqual(EACH);
  expect(sent).toEqual(['a']);
  known.clear();
  expect(answers(await twenty(() => 'a'))).toEqual(EACH);
  expect(sent).toEqual(['a', 'a']);
});

test('where the call that brings it fails, or is for another server, the others bring it themselves', async () => {
  const failing = clientWith({ fails: 1 });
  expect(answers(await failing.twenty(() => 'a'))).toEqual(['the connection was lost', ...EACH.slice(1)]);
  const two = clientWith();
  expect(answers(await two.twenty((index) => (index < 10 ? 'a' : 'b')))).toEqual(EACH);
  expect(two.sent.slice(0, 1)).toEqual(['a']);
  expect(new Set(two.sent)).toEqual(new Set(['a', 'b']));
});
