import { Command } from 'ioredis';
import { expect, test } from 'vitest';
import { type ScriptArgument, ScriptCommand } from '../../../packages/redis/src/store/script-command.js';

const BASE = '{carillon:default}:';

/** Returns the command that ioredis sends for the same call. */
function sentByIoredis(script: string, args: readonly ScriptArgument[]): string {
  return String(new Command('evalsha', [script, 1, BASE, ...args], { replyEncoding: 'utf8' }).toWritable({}));
}

test.each<[string, readonly ScriptArgument[]]>([
  ['no arguments', []],
  ['empty texts', ['', '']],
  ['numbers', [0, -1, 1_790_000_000_000, 0.5]],
  ['texts of more bytes than characters', ['é', '时区', '🔔', '\ufffd']],
  ['line ends, and what looks like a header', ['\r\n', '$3\r\nabc', '*1\r\n']],
  ['texts around the longest with a header at hand', [1_022, 1_023, 1_024, 1_025].map((length) => 'x'.repeat(length))],
  ['a long text', ['é'.repeat(100_000)]],
  ['thousands of them', Array.from({ length: 5_000 }, (_, place) => (place % 2 === 0 ? place : `id-${place}`))],
])('a call of a script is sent as ioredis sends it: %s', (_, args) => {
  expect(new ScriptCommand('evalsha', 'digest', BASE, args).toWritable({})).toBe(sentByIoredis('digest', args));
});

test('its key is that of the job store: a cluster sends it to the server that has it', () => {
  expect(new ScriptCommand('evalsha', 'digest', BASE, ['a', 1]).getKeys()).toEqual([BASE]);
});
