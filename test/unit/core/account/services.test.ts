import { expect, it } from 'vitest';
import { leaderless, storeTimelineOf, unserved } from '../../../../packages/core/src/account/store-timeline.js';

const told = (at: number, type: string, members: object) => JSON.stringify({ v: 1, seq: 1, type, at, ...members });
const joined = (at: number, workerId: string) =>
  told(at, 'worker_joined', { workerId, executors: [{ alias: 'default' }] });
const left = (at: number, workerId: string, cause: string) => told(at, 'worker_left', { workerId, cause });

it('knows when no worker served an executor, however each of them came and went', () => {
  const timeline = storeTimelineOf(
    [
      joined(100, 'a'),
      joined(200, 'b'),
      left(300, 'a', 'stopped'),
      left(400, 'b', 'lost'),
      // It lives, and joined again.
      joined(500, 'b'),
      // It was started anew under its name, and had not left.
      joined(600, 'b'),
      left(700, 'b', 'stopped'),
      left(800, 'nobody', 'lost'),
    ],
    0,
  );
  expect(timeline.services.map(({ workerId, from, to, end }) => [workerId, from, to, end])).toEqual([
    ['a', 100, 300, 'stopped'],
    ['b', 200, 400, 'lost'],
    ['b', 500, 600, 'silent'],
    ['b', 600, 700, 'stopped'],
  ]);
  expect(unserved(timeline, 'default', 0, 1_000)).toEqual([
    { from: 0, to: 100 },
    { from: 400, to: 500 },
    { from: 700, to: 1_000 },
  ]);
});

it('knows those that were there as the account began: by how they end, and by what lives now', () => {
  const elected = (at: number, members: object) =>
    told(at, 'leader_elected', { coordinatorId: 'c2', epoch: 2, ...members });
  const lost = told(300, 'leader_lost', { coordinatorId: 'c1', epoch: 1, reason: 'lease_lost' });
  const gaps = (...messages: string[]) =>
    leaderless(storeTimelineOf(messages, 100), 100, 1_000).map(({ from, to, after }) => [
      from,
      to,
      after?.coordinatorId,
      after?.end,
    ]);
  expect(gaps(elected(400, { formerAliveUntil: 350 }))).toEqual([[350, 400, null, 'silent']]);
  expect(gaps(lost, elected(400, { formerAliveUntil: 290 }))).toEqual([[300, 400, 'c1', 'lease_lost']]);
  expect(gaps(elected(400, {}))).toEqual([[100, 400, undefined, undefined]]);

  const living = [
    { workerId: 'a', executors: [{ alias: 'default' }] },
    { workerId: 'b', executors: [{ alias: 'default' }, { alias: 'mail' }] },
  ];
  const served = (executor: string, messages: string[], alive = living) =>
    unserved(storeTimelineOf(messages, 100, true, alive), executor, 100, 1_000);
  expect(served('default', [])).toEqual([]);
  expect(served('mail', [])).toEqual([]);
  expect(served('mail', [], [])).toEqual([{ from: 100, to: 1_000 }]);
  // Of one that is recorded, the record counts.
  expect(served('mail', [joined(300, 'b')])).toEqual([{ from: 100, to: 1_000 }]);
});
