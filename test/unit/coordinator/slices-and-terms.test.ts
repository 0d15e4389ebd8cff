import { and, cron, interval, type Trigger } from '@carillon/core';
import {
  type Claim,
  type DeliveryQueue,
  type DuePage,
  type StoredJob,
  StoreFullError,
  systemChance,
  systemClock,
  type TermStore,
} from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { ClaimPlanner } from '../../../packages/coordinator/src/claim-planner.js';
import { Leader } from '../../../packages/coordinator/src/leader.js';
import { digestOf } from '../../../packages/core/src/job/definition.js';
import { encodeJob } from '../../../packages/core/src/job/record.js';
import { definitionOf } from '../../support/job-definition.js';
import { ManualClock } from '../../support/manual-clock.js';

// Jobs that take longer to plan than a slice, while other things happen: time passes, terms end, Redis is full.

const START = Date.parse('2026-03-02T08:00:00Z');
const HOUR = 3_600_000;

function storedOf(id: string, trigger: Trigger, fireTime: number, coalesce: boolean): StoredJob {
  const definition = definitionOf(trigger, START, { coalesce });
  const record = { digest: digestOf(definition), json: encodeJob(definition) };
  return { id, rev: 1, generation: 1, ...record, last: null, pending: { fireTime, dueAt: fireTime } };
}

function pageOf(jobs: readonly StoredJob[], now: number): DuePage {
  return { now, paused: false, jobs, newer: [], nextDueAt: null, outboxAt: null, isOwing: true };
}

/** A leader of one page of due jobs. Each of their fire times takes 10 ms to find. */
function slowLeader(page: () => DuePage, claim: (claims: readonly Claim[]) => never) {
  let passed = 0;
  const terms = {
    due: async () => page(),
    claim: async ({ claims }) => claim(claims),
    serving: async () => ({ now: 1_000, workers: [], limited: [] }),
    suspects: async () => ({ suspects: [], strays: [], unreadable: [], isMiscounted: false, cursor: '0' }),
    loseWorkers: async () => ({ status: 'done', value: [] }) as const,
  } satisfies Partial<TermStore>;
  const queue: DeliveryQueue = { add: async () => [], waiting: async () => 0, close: async () => {} };
  const leader = new Leader({
    ...{ jobStore: 'default', queue, chance: systemChance, leaseMs: 1e9 },
    terms: terms as Partial<TermStore> as TermStore,
    clock: { ...systemClock, now: () => passed },
    report: () => {},
    triggerOf: (_, compiled) => ({
      ...compiled,
      nextMs: (after) => {
        passed += 10;
        return compiled.nextMs(after);
      },
    }),
  });
  return {
    leader,
    async tick() {
      passed += await leader.tick(1);
    },
  };
}

test('a quick job that is planned ahead when a look has no time left is not taken for a slow one', () => {
  let passed = 0;
  const clock = Object.assign(new ManualClock(), { now: () => passed });
  const planner = new ClaimPlanner({
    ...{ jobStore: 'default', clock, patienceMs: 1e9 },
    triggerOf: (_, compiled) => ({
      ...compiled,
      nextMs: (after) => {
        passed += 0.15;
        return compiled.nextMs(after);
      },
    }),
  });
  const trigger = interval({ seconds: 10, startAt: new Date(START) });
  const jobs = Array.from({ length: 100 }, (_, place) => storedOf(`job-${place}`, trigger, START + 10_000, true));
  const looks = Array.from({ length: 5 }, () => planner.planAhead(pageOf(jobs, START)));
  expect([looks[0], looks.at(-1)]).toEqual([false, true]);
  expect(planner.plannedAhead(jobs, START + 10_000)).toHaveLength(jobs.length);
  expect(planner.plan(pageOf(jobs, START + 10_000)).left).toBeNull();
});

test('Redis is full until it is not, however many steps only plan further', async () => {
  const job = storedOf('slow', interval({ seconds: 1, startAt: new Date(START) }), START, false);
  const { leader, tick } = slowLeader(
    () => pageOf([job], START + 20_000),
    () => {
      throw new StoreFullError('OOM');
    },
  );
  const since: (number | undefined)[] = [];
  for (let step = 0; step < 60; step++) {
    await tick();
    since.push(leader.outage?.since);
  }
  const first = since.findIndex((at) => at !== undefined);
  expect(first).toBeGreaterThan(0);
  expect(new Set(since.slice(first)).size).toBe(1);
});

test('a leader that leads again plans by the time of then, not by that of its last term', async () => {
  const trigger = and(
    cron('* * * * *', { timezone: 'America/New_York' }),
    cron('*/2 * * * *', { timezone: 'Europe/Berlin' }),
  );
  const job = storedOf('slow', trigger, START, false);
  let now = START + HOUR;
  const claimed: Claim[] = [];
  const { leader, tick } = slowLeader(
    () => pageOf([job], now),
    (claims) => {
      claimed.push(...claims);
      throw new StoreFullError('OOM');
    },
  );
  await tick();
  expect(claimed).toEqual([]);
  await leader.idle(1);
  now = START + 24 * HOUR;
  for (let step = 0; step < 2_000 && claimed.length === 0; step++) await tick();
  expect(claimed[0]?.next?.dueAt).toBeGreaterThan(now);
});
