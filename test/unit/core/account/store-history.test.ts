import { expect, it } from 'vitest';
import { storeHistoryOf } from '../../../../packages/core/src/account/store-history.js';
import { storeTimelineOf } from '../../../../packages/core/src/account/store-timeline.js';

const at = (minute: number) => Date.UTC(2026, 0, 1, 0, minute);
const date = (minute: number) => new Date(at(minute));
const reported = (minute: number, type: string, members: object) =>
  JSON.stringify({ type, at: at(minute), ...members });

const MESSAGES = [
  reported(1, 'leader_elected', { coordinatorId: 'c1', epoch: 1 }),
  reported(2, 'worker_joined', { workerId: 'w1', executors: [{ alias: 'default' }, { alias: 'mail' }] }),
  reported(3, 'leader_lost', { coordinatorId: 'c1', epoch: 1, reason: 'handed_over' }),
  reported(4, 'leader_elected', { coordinatorId: 'c2', epoch: 2 }),
  reported(5, 'worker_left', { workerId: 'w1', cause: 'stopped' }),
  reported(6, 'scheduler_paused', { actor: 'bob', reason: 'month end' }),
  reported(7, 'leader_elected', { coordinatorId: 'c1', epoch: 3 }),
];

it('the history of a job store is who led, which workers served, and when it was paused: newest first', () => {
  const history = storeHistoryOf('default', storeTimelineOf(MESSAGES, at(0)), 10);
  const served = { workerId: 'w1', from: date(2), to: date(5), end: 'stopped' };
  expect(history).toEqual({
    jobStore: 'default',
    speaksFrom: date(0),
    terms: [
      { coordinatorId: 'c1', epoch: 3, from: date(7), to: null, end: null },
      { coordinatorId: 'c2', epoch: 2, from: date(4), to: date(7), end: 'silent' },
      { coordinatorId: 'c1', epoch: 1, from: date(1), to: date(3), end: 'handed_over' },
    ],
    workers: [
      { ...served, executor: 'mail' },
      { ...served, executor: 'default' },
    ],
    pauses: [{ from: date(6), to: null, actor: 'bob', reason: 'month end' }],
  });
  const newest = storeHistoryOf('default', storeTimelineOf(MESSAGES, null), 1);
  expect([newest.terms.length, newest.workers.length, newest.terms[0]?.epoch]).toEqual([1, 1, 3]);
  expect(newest.speaksFrom).toBeNull();
});

it('leaves out what began at an instant that is not known', () => {
  const living = [{ workerId: 'w0', executors: [{ alias: 'default' }] }];
  const elected = reported(7, 'leader_elected', { coordinatorId: 'c1', epoch: 3, formerAliveUntil: at(6) });
  const { terms, workers } = storeHistoryOf('default', storeTimelineOf([elected], at(5), true, living), 10);
  expect(terms).toEqual([{ coordinatorId: 'c1', epoch: 3, from: date(7), to: null, end: null }]);
  expect(workers).toEqual([]);
});
