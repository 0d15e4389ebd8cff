import { cron, interval } from '@carillon/core';
import { testCluster } from 'carillon/testing';
import { expect, it } from 'vitest';

const START = '2026-10-24T12:00:00Z';
const tasks = {
  quick: async () => 'done',
  fails: async () => {
    throw new TypeError('no such file');
  },
  hangs: async () => new Promise<never>(() => {}),
};

it('explains what was, in words, and an audit finds nothing', async () => {
  await using cluster = await testCluster({ tasks, start: START });
  const { clock, scheduler } = cluster;
  const ann = scheduler.as({ actor: 'Ann' });
  await scheduler.addJob({ id: 'nightly', task: 'quick', trigger: cron('30 2 * * *', { timezone: 'Europe/Berlin' }) });
  await scheduler.addJob({ id: 'minutely', task: 'quick', trigger: interval('1m') });
  await scheduler.addJob({ id: 'failing', task: 'fails', trigger: interval('1m') });
  await scheduler.addJob({ id: 'hung', task: 'hangs', trigger: interval('1m') });
  await scheduler.addJob({ id: 'nowhere', task: 'quick', executor: 'video', trigger: interval('1h') });
  await clock.advance('5m');
  await scheduler.runJob('minutely');
  await clock.advance('17m');
  await ann.pauseJob('nightly', { reason: 'month end' });
  await clock.advance('43m');

  const reported = async (id: string, instant: string) => {
    const { code, sentence } = await scheduler.explain(id, instant);
    return `${code}: ${sentence}`;
  };
  expect(await reported('nightly', '2026-10-25 02:30')).toBe(
    "paused: It will not run at 2026-10-25 02:30 (Europe/Berlin; 2026-10-25 00:30 UTC): Ann paused the job at 2026-10-24 14:22 (Europe/Berlin; 2026-10-24 12:22 UTC) because of 'month end'; it runs again once it is resumed.",
  );
  expect(await reported('minutely', '2026-10-24T12:03:00Z')).toMatch(
    /^executed: It ran at 2026-10-24 12:03 UTC\. Run \S+ was started by worker \S+\. It began 0 ms after it was due/,
  );
  expect(await reported('minutely', '2026-10-24T12:05:00Z')).toMatch(/^executed: /);
  expect(await reported('minutely', '2026-10-24T12:05:30Z')).toMatch(/^not_named: .*30s after/);
  expect(await reported('failing', '2026-10-24T12:03:00Z')).toMatch(/^error: .*failed \(TypeError: no such file\)/);
  expect(await reported('hung', '2026-10-24T13:00:00Z')).toMatch(
    /^max_instances: .*\(maxInstances 1\)\. The run of 2026-10-24 12:01 UTC \(\S+\) held the place\.$/,
  );
  expect(await reported('hung', '2026-10-24T12:01:00Z')).toMatch(/^waiting: .*is running on worker \S+ since/);
  expect(await reported('nowhere', '2026-10-24T13:00:00Z')).toMatch(
    /^waiting: .*waits in the queue of executor "video" for a worker\. In the way now: no worker serves executor "video"/,
  );
  expect(await reported('nobody', '2026-10-24T13:00:00Z')).toMatch(/^not_existing: /);

  const { explanations, cursor } = await scheduler.explain('failing', {
    from: START,
    to: '2026-10-24T13:00:00Z',
    limit: 10,
  });
  expect(explanations.map(({ code }) => code)).toEqual(Array.from({ length: 10 }, () => 'error'));
  const next = await scheduler.explain('failing', { from: START, to: '2026-10-24T13:00:00Z', cursor });
  expect(next.explanations).toHaveLength(50);
  expect(next.cursor).toBeNull();

  const { evidence } = await scheduler.explain('minutely', '2026-10-24T12:03:00Z');
  const life = await scheduler.explainRun(evidence.run?.runId ?? '');
  expect(life.code).toBe('executed');
  expect(life.sentence).toMatch(
    /^Run \S+ of job "minutely" \(task "quick"\) for 2026-10-24 12:03 UTC: it was submitted at .*; worker \S+ started it at .*; it was executed at/,
  );

  await ann.pause({ reason: 'maintenance' });
  await clock.advance('10m');
  expect(await reported('minutely', '2026-10-24T13:07:00Z')).toMatch(
    /^store_paused: .*Ann paused the job store at 2026-10-24 13:05 UTC because of 'maintenance'/,
  );
  await scheduler.resume();
  await clock.advance('1s');
  expect(await reported('minutely', '2026-10-24T13:07:00Z')).toMatch(
    /^coalesced: .*coalesced into the run of 2026-10-24 13:15 UTC \(run \S+\).*Ann had paused the job store at 2026-10-24 13:05 UTC because of 'maintenance', until/,
  );
  await ann.removeJob('failing', { reason: 'not needed' });
  expect(await reported('failing', '2026-10-25T00:00:00Z')).toMatch(
    /^not_existing: .*Ann removed the job at .* because of 'not needed'/,
  );
  expect(await scheduler.audit()).toMatchObject({ jobs: 5, found: 0, findings: [], unreadable: [] });
  expect((await scheduler.audit()).fireTimes).toBeGreaterThan(200);
}, 60_000);
