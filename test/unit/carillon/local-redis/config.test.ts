import { expect, test } from 'vitest';
import { redisArgs } from '../../../../packages/carillon/src/local-redis/config.js';

test('keeps nothing on the disk unless asked', () => {
  expect(redisArgs({})).toEqual(['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction']);
});

test.each([
  [true, 'everysec'],
  ['everysec', 'everysec'],
  ['always', 'always'],
] as const)('an append-only file asked for with %s is synced %s', (appendOnly, sync) => {
  expect(redisArgs({ appendOnly }).join(' ')).toContain(`--appendonly yes --appendfsync ${sync}`);
});

test('further arguments come last, so that they win', () => {
  expect(redisArgs({ args: ['--maxmemory', '64mb'] }).slice(-2)).toEqual(['--maxmemory', '64mb']);
});
