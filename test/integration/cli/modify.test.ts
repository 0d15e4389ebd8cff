import { describe, expect, it } from 'vitest';
import { Stored } from '../../support/in-process.js';
import { carillon, done } from './carillon.js';

async function withJob(...more: readonly string[]) {
  const { prefix } = new Stored();
  await done(['jobs', 'add', 'a', '--id', 'x', '--every', '1h', '--args', '[1]', ...more], { prefix });
  const show = async () => (await done(['jobs', 'show', 'x', '--json'], { prefix })).json[0];
  return { prefix, show };
}

describe('carillon jobs modify', () => {
  it('changes what is given, and nothing else', async () => {
    const has = ['--timeout', '5s', '--kwargs', '{"b": 2}', '--tag', 'team:a,billing', '--description', 'what for'];
    const { prefix, show } = await withJob(...has);
    const before = await show();
    expect(before).toMatchObject({ tags: ['billing', 'team:a'], description: 'what for' });
    const after = await done(['jobs', 'modify', 'x', '--retry', '3', '--no-coalesce', '--name', 'X', '--json'], {
      prefix,
    });
    expect(after.json).toEqual([
      // The answer to a change does not contain the revision.
      { ...before, revision: null, retry: { attempts: 3, backoff: expect.any(Object) }, coalesce: false, name: 'X' },
    ]);
    await done(['jobs', 'modify', 'x', '--tag', 'b', '--tag', 'a'], { prefix });
    expect(await show()).toMatchObject({ tags: ['a', 'b'], description: 'what for' });
    await done(['jobs', 'modify', 'x', '--args', '[2]'], { prefix });
    expect(await show()).toMatchObject({ task: 'a', args: [2], kwargs: { b: 2 } });
    await done(['jobs', 'modify', 'x', '--task', 'c'], { prefix });
    expect(await show()).toMatchObject({ task: 'c', args: [2], kwargs: { b: 2 } });
    const { stdout } = await done(['jobs', 'modify', 'x', '--next-run-time', '2999-01-01T00:00:00Z'], { prefix });
    expect(stdout).toBe('job "x": next run 2999-01-01T00:00:00.000Z\n');
  });

  it('takes away what a job has', async () => {
    const has = ['--timeout', '5s', '--retry', '3', '--history', '5', '--misfire-grace-time', '1m', '--max-runs', '7'];
    const found = ['--tag', 'a', '--description', 'what for'];
    const { prefix, show } = await withJob(...has, ...found, '--no-coalesce');
    const none = ['--no-timeout', '--no-retry', '--no-history', '--no-misfire-grace-time', '--no-max-runs'];
    await done(['jobs', 'modify', 'x', ...none, '--coalesce', '--no-tag', '--no-description'], { prefix });
    const nothing = { timeout: null, retry: null, history: null, misfireGraceTime: null, maxRuns: null };
    expect(await show()).toMatchObject({ ...nothing, tags: [], description: null, coalesce: true });
  });

  it.each([
    [['x'], 2, /nothing to change/],
    [['nobody', '--timeout', '5s'], 3, /job "nobody"/],
    [['nobody', '--args', '[]'], 3, /job "nobody"/],
    [['x', '--retry-delay', '5s'], 2, /--retry-delay needs --retry/],
    [['x', '--no-history', '--history-age', '1d'], 2, /--history-age/],
    [['x', '--timeout', '0s'], 2, /timeout 0 must be at least 1 ms|timeout "0s" must be/],
  ])('%j ends with %i', async (args, code, says) => {
    const { prefix, show } = await withJob();
    const before = await show();
    const ended = await carillon(['jobs', 'modify', ...args], { prefix });
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(says) });
    expect(await show()).toEqual(before);
  });
});

describe('carillon jobs reschedule', () => {
  it('gives a job another trigger, of any form', async () => {
    const { prefix, show } = await withJob();
    for (const [args, trigger] of [
      [['--cron', '0 9 * * *', '--timezone', 'Europe/Berlin'], { type: 'cron', timezone: 'Europe/Berlin' }],
      [['--fields', 'day=last fri hour=9'], { type: 'cron', fields: { day: 'last fri', hour: '9' } }],
      [['--every', '10m', '--jitter', '30s'], { type: 'interval', minutes: 10, jitter: '30s' }],
      [['--trigger', '{"type": "calendarInterval", "days": 2}'], { type: 'calendarInterval', days: 2 }],
      [['--at', '2999-01-01T00:00:00Z'], { type: 'date' }],
    ] as const) {
      await done(['jobs', 'reschedule', 'x', ...args], { prefix });
      expect(await show()).toMatchObject({ trigger, paused: false });
    }
    await done(['jobs', 'pause', 'x'], { prefix });
    expect((await done(['jobs', 'reschedule', 'x', '--every', '5m'], { prefix })).stdout).toBe('job "x": paused\n');
  });

  it.each([
    [['x'], 2, /give a trigger/],
    [['nobody', '--every', '5m'], 3, /job "nobody"/],
    [['x', '--cron', '61 * * * *'], 2, /minute/],
    [['x', '--every', '30'], 2, /unit is missing/],
  ])('%j ends with %i', async (args, code, says) => {
    const { prefix } = await withJob();
    const ended = await carillon(['jobs', 'reschedule', ...args], { prefix });
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(says) });
  });
});

describe('carillon jobs remove --all', () => {
  it('removes every job of the job store', async () => {
    const { prefix } = await withJob();
    await done(['jobs', 'add', 'a', '--id', 'y', '--every', '1h'], { prefix });
    expect((await done(['jobs', 'remove', '--all'], { prefix })).stdout).toBe('job store "default": 2 jobs removed\n');
    expect((await done(['jobs', 'list', '--json'], { prefix })).json).toEqual([]);
    expect((await carillon(['jobs', 'remove', '--all', '--cancel-runs'], { prefix })).code).toBe(2);
  });
});
