import type { Claim, DuePage, TermStore } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { Ready } from '../../../packages/coordinator/src/ready.js';

type Job = DuePage['jobs'][number];

interface Options {
  /** When the claimed job fires next; null: it does not fire again. */
  readonly nextAt?: number | null;
  readonly graceMs?: number | null;
  readonly isPlanned?: boolean;
  /** How many jobs are due at 5,000. */
  readonly count?: number;
  /** When other jobs are due. */
  readonly others?: readonly number[];
}

/** Claims of jobs that are due at 5,000, and a clock that can wait exactly. It begins at 4,995. */
function readyOf({ nextAt = null, graceMs = null, isPlanned = true, others = [], count = 1 }: Options = {}) {
  const time = { now: 4_995 };
  const waits: number[] = [];
  const jobOf = (dueAt: number) => ({ id: `${dueAt}`, pending: { fireTime: dueAt, dueAt } }) as Job;
  const planned: number[] = [];
  const claim = {
    id: '5000',
    expected: { rev: 1, dueAt: 5_000 },
    next: nextAt === null ? null : { fireTime: nextAt, dueAt: nextAt },
    run: { graceMs },
  } as Claim;
  const clock = {
    now: () => time.now,
    after: () => () => {},
    exactly: async (ms: number) => {
      waits.push(ms);
      time.now += ms;
    },
  };
  const upcoming: TermStore['upcoming'] = async ({ limit }) => {
    const jobs = [...Array.from({ length: count }, () => 5_000), ...others].map(jobOf);
    return {
      now: time.now,
      jobs: jobs.slice(0, limit),
      last: jobs.length > limit ? { dueAt: 5_000, id: '5000' } : null,
    };
  };
  const plannedAhead = (jobs: readonly Job[], at: number) => {
    planned.push(at, jobs.length);
    return isPlanned ? jobs.map(() => claim) : null;
  };
  const claimer = { pack: async (claims: readonly Claim[]) => ({ claims, runs: [], deliveries: [] }) };
  return {
    time,
    waits,
    planned,
    ready: new Ready({ terms: { isNear: true, upcoming }, clock, claimer, plannedAhead }),
  };
}

test('claims of many jobs are ready at the instant at which they are due, for which the leader waits exactly', async () => {
  const { ready, time, waits, planned } = readyOf({ count: 10, others: [5_001] });
  expect(await ready.prepare(5, 5_000, 4_000)).toBe(3);
  expect(planned).toEqual([5_000, 10]);
  time.now = 4_998;
  expect((await ready.take())?.claims).toHaveLength(10);
  expect(waits).toEqual([2]);
  expect(time.now).toBe(5_000);
  expect(await ready.take()).toBeUndefined();
});

test('a claim of few is ready too, and the leader sleeps until its instant', async () => {
  const { ready, time, waits } = readyOf({ count: 9 });
  expect(await ready.prepare(5, 5_000, 4_000)).toBe(5);
  time.now = 5_000;
  expect(await ready.take()).toMatchObject({ since: 4_995, at: 5_000 });
  expect(waits).toEqual([]);
});

test('a timer that is late by some ms keeps a claim from nothing', async () => {
  const { ready, time } = readyOf({ nextAt: 5_100, graceMs: 50 });
  await ready.prepare(5, 5_000, 4_000);
  time.now = 5_004;
  expect(await ready.take()).toBeDefined();
});

test.each([
  ['the next fire is due too', { nextAt: 5_010 }, 5_010],
  ['it is too late', { graceMs: 10 }, 5_011],
  ['a member woke the leader long before the instant', {}, 4_997],
])('nothing is ready where %s', async (_, options, now) => {
  const { ready, time } = readyOf(options);
  await ready.prepare(5, 5_000, 4_000);
  time.now = now;
  expect(await ready.take()).toBeUndefined();
});

test('nothing is made ready where a job was not planned ahead, more are due than a page takes, or it is not soon', async () => {
  const unplanned = readyOf({ isPlanned: false });
  expect(await unplanned.ready.prepare(5, 5_000, 4_000)).toBe(5);
  const many = readyOf({ count: 201 });
  expect(await many.ready.prepare(5, 5_000, 4_000)).toBe(5);
  const late = readyOf();
  expect(await late.ready.prepare(6, 5_000, 4_000)).toBe(6);
  for (const { ready, time } of [unplanned, many, late]) {
    time.now = 5_000;
    expect(await ready.take()).toBeUndefined();
  }
});
