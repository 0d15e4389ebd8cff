import { cron, interval, JobNotFoundError } from '@carillon/core';
import { testCluster } from 'carillon/testing';
import { expect, it } from 'vitest';

const tasks = { report: async () => 'done' };

it('getChanges says what was done to a job, by which actor and why, and what it changed: newest first', async () => {
  await using cluster = await testCluster({ tasks, start: '2026-03-02T08:00:00Z' });
  const { clock, scheduler } = cluster;
  const ann = scheduler.as({ actor: 'ann' });
  const bob = scheduler.as({ actor: 'bob', reason: 'month end' });
  const steps: readonly [string, () => Promise<unknown>, readonly unknown[]][] = [
    ['added', () => ann.addJob({ id: 'j', task: 'report', trigger: cron('0 9 * * *'), timeout: '5s' }), []],
    ['modified', () => bob.modifyJob('j', { priority: 3, name: 'late' }), ['name late', 'priority 3']],
    ['modified', () => bob.modifyJob('j', { timeout: null }), ['timeout null']],
    ['modified', () => bob.modifyJob('j', { account: { entries: 20 } }), ['account']],
    ['rescheduled', () => ann.rescheduleJob('j', interval('1h')), ['trigger']],
    ['paused', () => bob.pauseJob('j'), ['paused true']],
    ['resumed', () => bob.resumeJob('j'), ['paused false']],
    ['removed', () => ann.removeJob('j'), []],
    ['added', () => ann.addJob({ id: 'j', task: 'report', trigger: cron('0 9 * * *') }), []],
  ];
  for (const [, step] of steps) {
    await step();
    await clock.advance('1m');
  }
  const changes = await scheduler.getChanges('j');
  expect(changes.map(({ what }) => what)).toEqual(steps.map(([what]) => what).toReversed());
  for (const [place, { at, actor, reason, revision, changed, what }] of changes.toReversed().entries()) {
    const members = changed
      .map(({ member, after }) => (['trigger', 'account'].includes(member) ? member : `${member} ${after}`))
      .sort();
    // Members that the trigger resolved are returned too.
    expect([place, members.filter((one) => !one.startsWith('timezone'))]).toEqual([place, steps[place]?.[2]]);
    expect([place, at?.toISOString().slice(11, 16)]).toEqual([place, `08:0${place}`]);
    expect([place, actor === 'ann' ? null : 'month end']).toEqual([place, reason]);
    expect([place, revision === null]).toEqual([place, what === 'removed']);
  }
  expect(changes[6]?.changed).toEqual([{ member: 'timeout', before: 5_000, after: null }]);
  expect(await scheduler.getChanges('j', { limit: 2 })).toEqual(changes.slice(0, 2));
  await scheduler.removeJob('j');
  expect(await scheduler.getChanges('j')).toHaveLength(10);
  await expect(scheduler.getChanges('nothing')).rejects.toThrow(JobNotFoundError);
  await expect(scheduler.getChanges('j', { limit: 0 })).rejects.toThrow(/limit/);
});

it('getStoreHistory says when a job store was paused: newest first', async () => {
  await using cluster = await testCluster({ tasks, start: '2026-03-02T08:00:00Z' });
  const { clock, scheduler } = cluster;
  const bob = scheduler.as({ actor: 'bob', reason: 'month end' });
  for (let count = 0; count < 3; count++) {
    await clock.advance('1m');
    await bob.pause();
    await clock.advance('1m');
    await bob.resume();
  }
  const history = await scheduler.getStoreHistory();
  expect(history).toMatchObject({
    jobStore: 'default',
    speaksFrom: expect.any(Date),
    terms: expect.any(Array),
    workers: expect.any(Array),
  });
  expect(history.pauses.map(({ from, to }) => [from, to].map((at) => at?.toISOString().slice(14, 16)))).toEqual([
    ['05', '06'],
    ['03', '04'],
    ['01', '02'],
  ]);
  expect(history.pauses[0]).toMatchObject({ actor: 'bob', reason: 'month end' });
  expect((await scheduler.getStoreHistory({ limit: 1 })).pauses).toEqual(history.pauses.slice(0, 1));
  await expect(scheduler.getStoreHistory({ since: 'now' as never })).rejects.toThrow(/since/);
});
