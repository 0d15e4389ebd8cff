import type { ServerFacts } from '@carillon/core/internal';
import { describe, expect, it } from 'vitest';
import { named } from '../../../packages/core/src/doctor/finding.js';
import { serverFindings } from '../../../packages/core/src/doctor/server-findings.js';

const SOUND: ServerFacts = {
  version: '7.4.0',
  server: 'redis',
  role: 'master',
  maxmemoryPolicy: 'noeviction',
  maxmemory: 0,
  usedMemory: 1_000_000,
  clients: 12,
  maxclients: 10_000,
  appendOnly: true,
  save: '3600 1',
  lastSnapshotFailed: false,
  lastAppendFailed: false,
  clockAheadMs: 40,
  roundTripMs: 1,
};

describe('what is wrong with a server', () => {
  it('nothing', () => {
    expect(serverFindings(SOUND)).toEqual([]);
    expect(serverFindings({ ...SOUND, maxmemoryPolicy: null, appendOnly: null, save: null, role: null })).toEqual([]);
  });

  it.each<[Partial<ServerFacts>, string, string]>([
    [{ version: '6.2.14' }, 'redis_too_old', 'error'],
    [{ role: 'slave' }, 'redis_is_replica', 'error'],
    [{ maxmemoryPolicy: 'allkeys-lru', maxmemory: 100_000_000 }, 'redis_evicts', 'error'],
    [{ maxmemoryPolicy: 'allkeys-lru' }, 'redis_evicts', 'warning'],
    [{ maxmemory: 1_050_000 }, 'redis_memory_nearly_full', 'warning'],
    [{ clients: 91, maxclients: 100 }, 'redis_clients_nearly_full', 'warning'],
    [{ appendOnly: false, save: '' }, 'redis_not_persistent', 'warning'],
    [{ appendOnly: false }, 'redis_snapshots_only', 'warning'],
    [{ lastAppendFailed: true }, 'redis_saving_fails', 'error'],
    [{ lastSnapshotFailed: true }, 'redis_saving_fails', 'error'],
    [{ clockAheadMs: 2_000 }, 'clock_differs', 'warning'],
    [{ clockAheadMs: -2_000 }, 'clock_differs', 'warning'],
  ])('%j: %s, %s', (facts, code, level) => {
    expect(serverFindings({ ...SOUND, ...facts })).toMatchObject([{ code, level, jobStore: null }]);
  });

  it('a Valkey is new enough, whatever its number', () => {
    expect(serverFindings({ ...SOUND, server: 'valkey', version: '1.0.0' })).toEqual([]);
  });

  it('a slow line is not a difference of clocks', () => {
    expect(serverFindings({ ...SOUND, clockAheadMs: 1_400, roundTripMs: 1_000 })).toEqual([]);
  });

  it('names some, and how many more there are', () => {
    expect(named(['a', 'b\n', 'c', 'd', 'e'])).toBe('"a", "b\\n", "c" and 2 more');
    expect(named(['a'])).toBe('"a"');
  });
});
