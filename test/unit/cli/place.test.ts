import { describe, expect, it } from 'vitest';
import { givenRedis, jobStoreOf, placeOf } from '../../../packages/carillon/src/cli/options/place.js';

describe('where the cluster is', () => {
  it('the option, which commander takes from CARILLON_REDIS_URL too, then REDIS_URL, then this machine', () => {
    const env = { REDIS_URL: 'redis://env' };
    expect(placeOf({ redis: 'redis://flag' }, env).redis).toBe('redis://flag');
    expect(placeOf({}, env).redis).toBe('redis://env');
    expect(placeOf({}, {}).redis).toBe('redis://localhost:6379');
    expect(givenRedis({}, {})).toBeUndefined();
  });

  it('JSON replaces plain options', () => {
    const cluster = { cluster: [{ host: 'a', port: 7000 }] };
    expect(givenRedis({ redis: JSON.stringify(cluster) }, {})).toEqual(cluster);
    expect(() => givenRedis({ redis: '{' }, {})).toThrow('--redis: not JSON');
  });

  it('one job store, unless several are wanted', () => {
    expect(jobStoreOf({})).toBe('default');
    expect(jobStoreOf({ jobStore: ['a'] })).toBe('a');
    expect(() => jobStoreOf({ jobStore: ['a', 'b'] })).toThrow('a, b');
    expect(placeOf({ jobStore: ['a', 'b'] }, {}).jobStores).toEqual(['a', 'b']);
  });
});
