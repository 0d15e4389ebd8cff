import { type CarillonEvent, InvalidOptionsError, interval, type RecentOutcome } from '@carillon/core';
import { testCluster } from 'carillon/testing';
import { expect, it } from 'vitest';

const START = '2026-03-02T08:00:00Z';

const tasks = {
  // Whether a run fails depends on the number of its call: irregular, and the same each time this test runs.
  some: async (every: number) => {
    calls += 1;
    if ((calls * 7919) % every === 0) throw new Error('no');
  },
  hangs: async () => new Promise<never>(() => {}),
};
let calls = 0;

const OUTCOMES = ['job_executed', 'job_error', 'job_cancelled', 'job_missed', 'job_max_instances'] as const;

/** The fire times that an event ends, each with its job and outcome. */
function endedBy(event: CarillonEvent): [jobId: string, outcome: string, at: Date][] {
  const outcome = event.type.slice('job_'.length);
  if ('executionId' in event && event.jobId !== null) return [[event.jobId, outcome, event.scheduledRunTime]];
  if (event.type === 'job_missed' && event.jobId !== null) return [[event.jobId, outcome, event.first]];
  if (event.type !== 'job_max_instances' || event.jobId === null) return [];
  return event.scheduledRunTimes.map((at) => [event.jobId ?? '', outcome, at]);
}

const short = ({ outcome, scheduledRunTime }: RecentOutcome) => `${outcome} ${scheduledRunTime.toISOString()}`;

it('the newest outcomes of many jobs are those that events reported', async () => {
  calls = 0;
  await using cluster = await testCluster({ tasks, start: START });
  const { clock, scheduler } = cluster;
  const reported = new Map<string, string[]>();
  await scheduler.addListener((event) => {
    for (const [id, outcome, at] of endedBy(event))
      reported.set(id, [`${outcome} ${at.toISOString()}`, ...(reported.get(id) ?? [])]);
  }, OUTCOMES);
  for (const every of [1, 2, 3, 5, 1_000_003])
    await scheduler.addJob({ id: `j${every}`, task: 'some', args: [every], trigger: interval('1m') });
  await scheduler.addJob({ id: 'hung', task: 'hangs', trigger: interval('1m') });
  await scheduler.addJob({ id: 'new', task: 'some', args: [1], trigger: interval('30d') });
  await clock.advance('40m');
  await scheduler.modifyJob('j3', { priority: 1 });
  await scheduler.runJob('j5');
  await clock.advance('20m');

  const ids = ['hung', 'j1', 'j2', 'j3', 'j5', 'j1000003', 'new', 'nobody'];
  for (const limit of [1, 7, 30]) {
    for (const { jobId, outcomes } of await scheduler.recentOutcomes(ids, { limit })) {
      const right = reported.get(jobId) ?? [];
      expect(outcomes.map(short).sort(), jobId).toEqual(right.slice(0, limit).sort());
      expect(outcomes.every(({ until }) => until === null)).toBe(true);
    }
  }
  const [ofMany] = await scheduler.recentOutcomes(['j5']);
  expect(ofMany?.outcomes).toHaveLength(30);
  expect(ofMany?.outcomes.filter(({ asked }) => asked)).toHaveLength(1);

  // Outcomes of an earlier job with this id are not returned.
  await scheduler.removeJob('j1');
  await scheduler.addJob({ id: 'j1', task: 'some', args: [1], trigger: interval('1m') });
  expect(await scheduler.recentOutcomes(['j1'])).toEqual([{ jobId: 'j1', outcomes: [] }]);
  await clock.advance('1m');
  expect((await scheduler.recentOutcomes(['j1']))[0]?.outcomes.map(({ outcome }) => outcome)).toEqual(['error']);
});

it('fire times that were missed together are one outcome', async () => {
  await using cluster = await testCluster({ tasks, start: START });
  const { clock, scheduler } = cluster;
  await scheduler.addJob({ id: 'x', task: 'some', args: [1_000_003], trigger: interval('1m'), misfireGraceTime: '1s' });
  await clock.advance('2m');
  await scheduler.pause();
  await clock.advance('10m');
  await scheduler.pauseJob('x');
  const [{ outcomes } = { outcomes: [] }] = await scheduler.recentOutcomes(['x']);
  expect(outcomes.map(({ outcome, scheduledRunTime, until }) => [outcome, scheduledRunTime, until])).toEqual([
    ['missed', new Date('2026-03-02T08:03:00Z'), new Date('2026-03-02T08:12:00Z')],
    ['executed', new Date('2026-03-02T08:02:00Z'), null],
    ['executed', new Date('2026-03-02T08:01:00Z'), null],
  ]);
});

it.each([
  [['x'], { limit: 0 }],
  [['x'], { limit: 101 }],
  ['x', {}],
  [Array.from({ length: 201 }, (_, n) => `j${n}`), {}],
])('%j with %j is refused', async (ids, options) => {
  await using cluster = await testCluster({ tasks, start: START });
  await expect(cluster.scheduler.recentOutcomes(ids as string[], options)).rejects.toThrow(InvalidOptionsError);
});
