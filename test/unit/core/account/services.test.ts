import { expect, it } from 'vitest';
import { storeTimelineOf, unserved } from '../../../../packages/core/src/account/store-timeline.js';

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
