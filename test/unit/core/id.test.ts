import { MemoryCluster } from '@carillon/core/memory';
import { expect, it } from 'vitest';
import { runIdOf } from '../../../packages/core/src/job/definition.js';
import { systemChance } from '../../../packages/core/src/ports/chance.js';

it('no generated id begins with what a command line takes for an option', () => {
  const { chance } = new MemoryCluster().connect();
  const ids = Array.from({ length: 2_000 }, (_, index) => [
    systemChance.id(),
    chance.id(),
    runIdOf('job', 1, index),
  ]).flat();
  expect(ids.filter((id) => !/^[A-Za-z0-9_][\w-]+$/.test(id))).toEqual([]);
  // Without that rule, one id in 64 would begin so.
  expect(ids.filter((id) => id.startsWith('_')).length).toBeGreaterThan(60);
  expect(new Set(ids).size).toBe(ids.length);
});
