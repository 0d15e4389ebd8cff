import { expect, it } from 'vitest';
import { eventSchema } from '../../../../packages/core/src/event/schema.js';
import { placesOf } from '../../../../packages/core/src/run/task-places.js';
import { inspectedWorkers } from '../../../../packages/core/src/scheduler/inspection.js';

const executors = [
  { alias: 'default', kind: 'async', concurrency: 10 },
  { alias: 'apart', kind: 'isolate', concurrency: 4, memory: '64 MiB' },
];

it('a worker with an executor of a kind that only a newer release has is known, with its tasks', () => {
  const unserved = [{ because: 'of a newer form' }];
  const json = JSON.stringify({ executors, tasks: ['report'], contracts: {}, leaseMs: 30_000, unserved, more: [1] });
  const workers = [{ workerId: 'w', heardAt: 0, json }];
  for (const executor of ['default', 'apart'])
    expect(placesOf({ now: 0, workers }, executor, 'report').having).toEqual(['w']);
  expect(inspectedWorkers(workers)[0]?.executors).toEqual([
    { alias: 'default', kind: 'async', concurrency: 10 },
    { alias: 'apart', kind: 'unknown', concurrency: 4 },
  ]);
});

it('and listeners get its events', () => {
  const about = { v: 1, seq: 1, at: 0, jobStore: 'default', workerId: 'w' };
  expect(eventSchema.parse({ ...about, type: 'worker_joined', executors, tasks: [] })).toMatchObject({
    executors: [{ kind: 'async' }, { kind: 'unknown' }],
  });
  expect(eventSchema.parse({ ...about, type: 'executor_added', ...executors[1] })).toMatchObject({ kind: 'unknown' });
});
