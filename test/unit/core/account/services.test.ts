import { expect, it } from 'vitest';
import { causesOf } from '../../../../packages/core/src/account/explain/causes.js';
import { leaderless, unserved } from '../../../../packages/core/src/account/store-gaps.js';
import { storeTimelineOf } from '../../../../packages/core/src/account/store-timeline.js';

const reported = (at: number, type: string, members: object) => JSON.stringify({ v: 1, seq: 1, type, at, ...members });
const joined = (at: number, workerId: string) =>
  reported(at, 'worker_joined', { workerId, executors: [{ alias: 'default' }] });
const left = (at: number, workerId: string, cause: string) => reported(at, 'worker_left', { workerId, cause });

it('knows when no worker served an executor, however each of them came and went', () => {
  const timeline = storeTimelineOf(
    [
      joined(100, 'a'),
      joined(200, 'b'),
      left(300, 'a', 'stopped'),
      left(400, 'b', 'lost'),
      // It was alive, and joined again.
      joined(500, 'b'),
      // It restarted under its name without leaving first.
      joined(600, 'b'),
      left(700, 'b', 'stopped'),
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
    { from: 0, to: 100, perhaps: null },
    { from: 400, to: 500, perhaps: null },
    { from: 700, to: 1_000, perhaps: null },
  ]);
});

it('knows those that were there as the account began: by how they end, and by what lives now', () => {
  const elected = (at: number, members: object) =>
    reported(at, 'leader_elected', { coordinatorId: 'c2', epoch: 2, ...members });
  const lost = reported(300, 'leader_lost', { coordinatorId: 'c1', epoch: 1, reason: 'lease_lost' });
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
  // The first leader still leads: its election was before the account began.
  expect(gaps()).toEqual([]);
  // It stood still, and publishes late that it no longer leads.
  const late = reported(500, 'leader_lost', { coordinatorId: 'c1', epoch: 1, reason: 'lease_lost' });
  expect(gaps(elected(400, { formerAliveUntil: 350 }), late)).toEqual([[350, 400, 'c1', 'silent']]);

  const living = [
    { workerId: 'a', executors: [{ alias: 'default' }] },
    { workerId: 'b', executors: [{ alias: 'default' }, { alias: 'mail' }] },
  ];
  const served = (executor: string, messages: string[], alive = living) =>
    unserved(storeTimelineOf(messages, 100, true, alive), executor, 100, 1_000);
  expect(served('default', [])).toEqual([]);
  expect(served('mail', [])).toEqual([]);
  expect(served('mail', [], [])).toEqual([{ from: 100, to: 1_000, perhaps: null }]);
  // For a worker that is recorded, the record counts.
  expect(served('mail', [joined(300, 'b')])).toEqual([{ from: 100, to: 1_000, perhaps: null }]);
});

it('does not say that no worker served while one was there whose executors are not recorded', () => {
  const removed = reported(250, 'executor_removed', { workerId: 'x', alias: 'mail', kind: 'async', concurrency: 1 });
  const messages = [removed, left(300, 'nobody', 'stopped'), joined(500, 'a'), left(600, 'a', 'stopped')];
  const timeline = storeTimelineOf(messages, 100);
  expect(unserved(timeline, 'default', 100, 1_000)).toEqual([
    { from: 100, to: 300, perhaps: 'nobody' },
    { from: 300, to: 500, perhaps: null },
    { from: 600, to: 1_000, perhaps: null },
  ]);
  expect(unserved(timeline, 'mail', 100, 400)).toEqual([
    { from: 250, to: 300, perhaps: 'nobody' },
    { from: 300, to: 400, perhaps: null },
  ]);
  const texts = causesOf(timeline, 'default', { from: 200, to: 400 }, 'UTC').map(({ kind, text }) => [kind, text]);
  expect(texts).toContainEqual([
    'workers_unknown',
    'whether a worker served executor "default" until 1970-01-01 00:00:00.300 UTC is not known: worker nobody was there, since before the account of the job store began',
  ]);
  expect(texts).toContainEqual([
    'no_worker',
    'no worker is known to have served executor "default" from 1970-01-01 00:00:00.300 UTC',
  ]);
});
