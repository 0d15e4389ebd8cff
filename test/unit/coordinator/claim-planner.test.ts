import { date, interval, type Trigger } from '@carillon/core';
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

test('jobs that go on are remembered, and those that end are dropped with the next page', () => {
  const planner = new ClaimPlanner({ jobStore: 'default', clock: new VirtualClock(new Date(0)), patienceMs: 1_000 });
  const goesOn = job('goes-on', interval({ seconds: 1 }));
  const ends = job('ends', date(new Date(1_000)));

  expect(planner.plan({ ...NONE, jobs: [goesOn, ends] }).claims).toHaveLength(2);
  expect(planner.definitionOf('goes-on')).toBeDefined();
  expect(planner.definitionOf('ends')).toBeDefined();

  planner.plan({ ...NONE, jobs: [] });
  expect(planner.definitionOf('goes-on')).toBeDefined();
  expect(planner.definitionOf('ends')).toBeUndefined();
});
