import { cron, interval, type Trigger } from '@carillon/core';
import type { DuePage } from '@carillon/core/internal';
import { VirtualClock } from '@carillon/core/memory';
import { describe, expect, test } from 'vitest';
import { ClaimPlanner } from '../../../packages/coordinator/src/claim-planner.js';
import { digestOf } from '../../../packages/core/src/job/definition.js';
import { encodeJob } from '../../../packages/core/src/job/record.js';
import { definitionOf } from '../../support/job-definition.js';

type Job = DuePage['jobs'][number];
const NONE = { paused: false, newer: [], nextDueAt: null, outboxAt: null, isOwing: true };

/** A planner that counts how often it asks a trigger. */
function plannerOf() {
  const asked = { count: 0 };
  const planner = new ClaimPlanner({
    jobStore: 'default',
    clock: new VirtualClock(new Date(0)),
    patienceMs: 1_000,
    triggerOf: (_, compiled) => ({
      ...compiled,
      nextMs(after) {
        asked.count += 1;
        return compiled.nextMs(after);
      },
    }),
  });
  const plan = (jobs: readonly Job[], now: number) => planner.plan({ ...NONE, jobs, now });
  return { asked, planner, plan };
}

interface JobOptions {
  readonly trigger?: Trigger;
  readonly rev?: number;
  readonly misfireGraceMs?: number;
  readonly args?: readonly number[];
}

function job(dueAt: number, { trigger = interval({ seconds: 1 }), rev = 1, ...policy }: JobOptions = {}) {
  const definition = definitionOf(trigger, 0, policy);
  const json = encodeJob(definition);
  const pending = { fireTime: dueAt, dueAt };
  return { id: 'a', rev, generation: 1, digest: digestOf(definition), json, last: null, pending };
}

/** Compares the claims for a job with and without a plan made ahead, a second before. Returns whether that plan was used. */
function claimed(before: Job, due: Job, now: number) {
  const ahead = plannerOf();
  expect(ahead.planner.planAhead({ jobs: [before], now: 4_000 })).toBe(true);
  const asked = ahead.asked.count;
  const planned = ahead.plan([due], now);
  expect(planned).toEqual(plannerOf().plan([due], now));
  expect(planned.claims).toHaveLength(1);
  return ahead.asked.count === asked ? 'as planned' : 'planned again';
}

describe('a fire that was planned ahead', () => {
  test('is claimed as it was planned, at any instant before the next one', () => {
    for (const now of [5_000, 5_300, 5_999]) expect(claimed(job(5_000), job(5_000), now)).toBe('as planned');
    const daily = cron('5 0 0 * * *', { timezone: 'UTC' });
    const policy = { trigger: daily, misfireGraceMs: 1_000 };
    expect(claimed(job(5_000, policy), job(5_000, policy), 6_000)).toBe('as planned');
  });

  test.each([
    ['the next one has come due', job(5_000), 6_000],
    ['many have', job(5_000), 60_000],
    ['the job was changed', job(5_000, { rev: 2 }), 5_000],
    ['another fire is pending', job(5_500), 5_500],
    ['its arguments were changed, by a program that kept its rev', job(5_000, { args: [1] }), 5_000],
  ])('is planned again where %s', (_, due, now) => {
    expect(claimed(job(5_000), due, now)).toBe('planned again');
  });

  test('is missed where it is too late', () => {
    const policy = { trigger: cron('5 0 0 * * *', { timezone: 'UTC' }), misfireGraceMs: 1_000 };
    expect(claimed(job(5_000, policy), job(5_000, policy), 6_001)).toBe('planned again');
  });

  test('is claimed by that plan once', () => {
    const { planner, plan, asked } = plannerOf();
    planner.planAhead({ jobs: [job(5_000)], now: 4_000 });
    planner.planAhead({ jobs: [job(5_000)], now: 4_000 });
    const { count } = asked;
    plan([job(5_000)], 5_000);
    expect(asked.count).toBe(count);
    plan([job(5_000)], 5_000);
    expect(asked.count).toBeGreaterThan(count);
  });

  test('of a job whose trigger fails is found as it is due', () => {
    const triggerOf = () => {
      throw new Error('no such trigger');
    };
    const clock = new VirtualClock(new Date(0));
    const planner = new ClaimPlanner({ jobStore: 'default', clock, patienceMs: 1_000, triggerOf });
    expect(planner.planAhead({ jobs: [job(5_000)], now: 4_000 })).toBe(true);
    const { unreadable } = planner.plan({ ...NONE, jobs: [job(5_000)], now: 5_000 });
    expect(unreadable).toMatchObject([{ id: 'a', why: 'it cannot be planned: no such trigger' }]);
  });
});
