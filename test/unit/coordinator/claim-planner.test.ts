import { date, interval, type Trigger } from '@carillon/core';
import type { Clock } from '@carillon/core/internal';
import { VirtualClock } from '@carillon/core/memory';
import { expect, test } from 'vitest';
import { ClaimPlanner } from '../../../packages/coordinator/src/claim-planner.js';
import { digestOf } from '../../../packages/core/src/job/definition.js';
import { encodeJob } from '../../../packages/core/src/job/record.js';
import { definitionOf } from '../../support/job-definition.js';

const NONE = { paused: false, newer: [], nextDueAt: null, outboxAt: null, isOwing: true, now: 1_000 };

function job(id: string, trigger: Trigger) {
  const definition = definitionOf(trigger, 0);
  const pending = { fireTime: 1_000, dueAt: 1_000 };
  const read = { rev: 1, generation: 1, digest: digestOf(definition), json: encodeJob(definition), last: null };
  return { id, ...read, pending };
}

const plannerAt = (clock: Clock) => new ClaimPlanner({ jobStore: 'default', clock, patienceMs: 1_000 });

test('jobs that go on are remembered, and those that end are dropped with the next page', () => {
  const planner = plannerAt(new VirtualClock(new Date(0)));
  const goesOn = job('goes-on', interval({ seconds: 1 }));
  const ends = job('ends', date(new Date(1_000)));

  expect(planner.plan({ ...NONE, jobs: [goesOn, ends] }).claims).toHaveLength(2);
  expect(planner.definitionOf('goes-on')).toBeDefined();
  expect(planner.definitionOf('ends')).toBeDefined();

  planner.plan({ ...NONE, jobs: [] });
  expect(planner.definitionOf('goes-on')).toBeDefined();
  expect(planner.definitionOf('ends')).toBeUndefined();
});

test('jobs that are read ahead are known once they are due, and those that end then are dropped with the next page', () => {
  const planner = plannerAt(new VirtualClock(new Date(0)));
  const jobs = [job('goes-on', interval({ seconds: 1 })), job('ends', date(new Date(1_000)))];
  const fault = { id: 'cannot-be-read', rev: null, why: 'its header cannot be read', pending: null };
  expect(planner.readAhead([fault, ...jobs], 5)).toEqual([]);
  const known = ['goes-on', 'ends'].map((id) => planner.definitionOf(id));
  expect(known.every((definition) => definition !== undefined)).toBe(true);

  planner.plan({ ...NONE, jobs });
  expect(['goes-on', 'ends'].map((id) => planner.definitionOf(id))).toEqual(known);
  planner.plan({ ...NONE, jobs: [] });
  expect(['goes-on', 'ends'].map((id) => planner.definitionOf(id))).toEqual([known[0], undefined]);
});

test('jobs that were read ahead are forgotten when the term ends, or a minute after they were due', () => {
  const planner = plannerAt(new VirtualClock(new Date(0)));
  const ahead = job('ahead', interval({ seconds: 1 }));
  const isKnown = () => planner.definitionOf('ahead') !== undefined;
  planner.readAhead([ahead], 5);
  planner.plan({ ...NONE, jobs: [], now: 60_999 });
  expect(isKnown()).toBe(true);
  planner.plan({ ...NONE, jobs: [], now: 61_000 });
  expect(isKnown()).toBe(false);
  planner.readAhead([ahead], 5);
  planner.endTerm();
  expect(isKnown()).toBe(false);
});

test('a job that was changed since it was read ahead is read again', () => {
  const planner = plannerAt(new VirtualClock(new Date(0)));
  const ahead = job('ahead', interval({ seconds: 1 }));
  planner.readAhead([ahead], 5);
  const changed = { ...ahead, rev: 2, json: job('ahead', interval({ seconds: 2 })).json };
  const { claims } = planner.plan({ ...NONE, jobs: [changed] });
  expect(claims[0]?.next?.fireTime).toBe(2_000);
});

test('if reading ahead takes longer than there is time, the other jobs are left', () => {
  let now = 0;
  const planner = plannerAt({ now: () => now++, after: () => () => {} });
  const jobs = ['a', 'b', 'c', 'd', 'e'].map((id) => job(id, interval({ seconds: 1 })));
  const left = planner.readAhead(jobs, 10);
  expect(left.length).toBeGreaterThan(0);
  expect(left).toEqual(jobs.slice(-left.length));
  const isKnown = jobs.map(({ id }) => planner.definitionOf(id) !== undefined);
  expect(isKnown[0]).toBe(true);
  expect(left.some(({ id }) => planner.definitionOf(id))).toBe(false);
});
