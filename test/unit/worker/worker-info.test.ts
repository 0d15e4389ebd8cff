import { expect, it } from 'vitest';
import { type WorkerInfoParts, workerInfo } from '../../../packages/worker/src/worker-info.js';

const NOW = 1_000_000;

/** Returns the info of a worker whose `mail` has been out for `outForMs`, or is not out if that is null. */
function shown(outForMs: number | null, meanMs: number | null = null) {
  const unserved: WorkerInfoParts['unserved'] =
    outForMs === null
      ? []
      : [{ executor: 'mail', reason: 'not_taking', why: 'no Redis', since: new Date(NOW - outForMs) }];
  const executors = [{ alias: 'mail', kind: 'thread' as const, concurrency: 4, durations: { meanMs } }];
  const parts = { workerId: 'w', executors, tasks: ['send'], leaseMs: 3_000, unserved, now: NOW };
  const { workerId, json } = workerInfo(parts);
  return { workerId, ...JSON.parse(json) };
}

it('a worker shows what it serves, how long runs take to the microsecond, and its tasks', () => {
  const mail = { alias: 'mail', kind: 'thread', concurrency: 4 };
  const rest = { workerId: 'w', tasks: ['send'], leaseMs: 3_000 };
  expect(shown(null)).toEqual({ ...rest, executors: [{ ...mail, meanMs: null }] });
  expect(shown(null, 1.23456)).toEqual({ ...rest, executors: [{ ...mail, meanMs: 1.235 }] });
});

it('an outage is shown once it has lasted for 5 s, by how long it has', () => {
  expect(shown(4_999).unserved).toBeUndefined();
  expect(shown(5_000).unserved).toEqual([{ executor: 'mail', reason: 'not_taking', forMs: 5_000, why: 'no Redis' }]);
});
