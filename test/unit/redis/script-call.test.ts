import { Command } from 'ioredis';
import { expect, test } from 'vitest';
import { type ScriptArgument, ScriptCall } from '../../../packages/redis/src/store/script-call.js';

const BASE = '{carillon:default}:';

/** Returns the bytes that ioredis sends for the same call. */
function sentByIoredis(name: 'evalsha' | 'eval', script: string, args: readonly ScriptArgument[]): Buffer {
  const command = new Command(name, [script, 1, BASE, ...args], { replyEncoding: 'utf8' });
  return Buffer.from(command.toWritable({}) as string);
}

test.each<[string, readonly ScriptArgument[]]>([
  ['no arguments', []],
  ['empty texts', ['', '']],
  ['numbers', [0, -1, 1_790_000_000_000, 0.5]],
  ['texts of more bytes than characters', ['é', '时区', '🔔', '\ufffd']],
  ['halves of a character', ['a\ud83d', '\udd14b']],
  ['line ends, and what looks like a header', ['\r\n', '$3\r\nabc', '*1\r\n']],
  ['texts around the longest with a header at hand', [1_022, 1_023, 1_024, 1_025].map((length) => 'x'.repeat(length))],
  ['a long text', ['é'.repeat(100_000)]],
  ['thousands of them', Array.from({ length: 5_000 }, (_, place) => (place % 2 === 0 ? place : `id-${place}`))],
])('a call of a script is sent as ioredis sends it, by its digest and by its source: %s', (_, args) => {
  const call = new ScriptCall('digest', BASE, args);
  expect(call.byDigest().toWritable({})).toEqual(sentByIoredis('evalsha', 'digest', args));
  expect(call.bySource('return "é"').toWritable({})).toEqual(sentByIoredis('eval', 'return "é"', args));
});

test('its key is that of the job store: a cluster sends it to the server that has it', () => {
  const call = new ScriptCall('digest', BASE, ['a', 1]);
  for (const command of [call.byDigest(), call.bySource('return 1')]) expect(command.getKeys()).toEqual([BASE]);
});

test('its arguments are not kept while it waits for the reply', () => {
  const command = new ScriptCall('digest', BASE, ['a', 1]).byDigest();
  expect(command.args).toEqual(['digest', '1', BASE]);
});
