import type { Job, UntypedTasks } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import { lineOf, readLines } from '../../../packages/carillon/src/cli/jobs/line.js';
import { jobInFull } from '../../../packages/carillon/src/cli/jobs/view.js';
import { type PolicyOptions, policyOf } from '../../../packages/carillon/src/cli/options/policy.js';
import { cronFields, type TriggerOptions, triggerOf } from '../../../packages/carillon/src/cli/options/trigger.js';

const retry = { attempts: 5, backoff: { type: 'exponential', delay: 1_000, maxDelay: 60_000, jitter: 0.5 } } as const;

const job = {
  id: 'x',
  jobStore: 'default',
  name: 'x',
  tags: [],
  description: null,
  task: 'a',
  args: [1],
  kwargs: undefined,
  trigger: { type: 'cron', expression: '0 9 * * *' },
  timezone: 'Asia/Tokyo',
  executor: 'default',
  maxInstances: 1,
  misfireGraceTime: null,
  coalesce: true,
  overlap: 'skip',
  priority: 0,
  timeout: null,
  retry: null,
  history: null,
  account: null,
  maxRuns: null,
  runsLeft: () => null,
  replaceExisting: false,
  nextRunTime: new Date('2026-01-01T00:00:00Z'),
  dueTime: new Date('2026-01-01T00:00:00Z'),
  paused: false,
  finished: false,
  lastRun: null,
  lastSuccess: null,
} as unknown as Job<UntypedTasks>;

describe('a trigger from options', () => {
  const at = new Date('2026-01-01T00:00:00Z');
  it.each<[TriggerOptions, unknown]>([
    [{}, undefined],
    [
      { cron: '0 9 * * *', timezone: 'UTC' },
      { type: 'cron', expression: '0 9 * * *', timezone: 'UTC' },
    ],
    [
      { every: '5m', jitter: '10s' },
      { type: 'interval', minutes: 5, jitter: '10s' },
    ],
    [{ every: '250ms' }, { type: 'interval', milliseconds: 250 }],
    [
      { fields: cronFields('day=last fri hour=9'), timezone: 'UTC' },
      { type: 'cron', fields: { day: 'last fri', hour: '9' }, timezone: 'UTC' },
    ],
    [
      { every: '1.5h', startAt: at },
      { type: 'interval', hours: 1.5, startAt: at.toISOString() },
    ],
    [{ at }, { type: 'date', at: at.toISOString() }],
    [{ trigger: { type: 'date', at: 'x' } }, { type: 'date', at: 'x' }],
  ])('%j', (options, trigger) => {
    expect(triggerOf(options)).toEqual(trigger);
  });

  it.each<[TriggerOptions, string]>([
    [{ every: '5m', timezone: 'UTC' }, '--timezone needs --cron'],
    [{ at, startAt: at }, '--start-at needs'],
    [{ jitter: '5s' }, '--jitter needs'],
  ])('%j is refused', (options, says) => {
    expect(() => triggerOf(options)).toThrow(says);
  });
});

describe('a job on a line', () => {
  it('is a spec, and what else makes it the same job again', () => {
    expect(JSON.parse(JSON.stringify(lineOf(job)))).toEqual({
      id: 'x',
      task: 'a',
      args: [1],
      trigger: { type: 'cron', expression: '0 9 * * *' },
      timezone: 'Asia/Tokyo',
      executor: 'default',
      maxInstances: 1,
      misfireGraceTime: null,
      coalesce: true,
      nextRunTime: '2026-01-01T00:00:00.000Z',
      paused: false,
    });
  });

  it('has whatever is not as usual; of maxRuns, what is left', () => {
    const policy = { overlap: 'queue', priority: 3, timeout: 5_000, retry, history: { perJob: 5, age: 1_000 } };
    const line = lineOf({ ...job, ...policy, maxRuns: 7, runsLeft: () => 2 } as unknown as typeof job);
    expect(JSON.parse(JSON.stringify(line))).toMatchObject({ ...policy, maxRuns: 2 });
  });

  it('is read back', () => {
    const line = JSON.stringify(lineOf(job));
    const { timezone, nextRunTime, paused: _, ...spec } = JSON.parse(line);
    expect(readLines(`\n${line}\n`)).toEqual({
      lines: [{ number: 2, id: 'x', timezone, spec: { ...spec, nextRunTime: new Date(nextRunTime) } }],
      faults: [],
    });
  });

  it('is paused, fires when it says, or when its trigger does', () => {
    const next = (fields: object) =>
      readLines(JSON.stringify({ id: 'x', task: 'a', ...fields })).lines[0]?.spec.nextRunTime;
    expect(next({ paused: true })).toBeNull();
    expect(next({ nextRunTime: null })).toBeNull();
    expect(next({ paused: false, nextRunTime: '2026-01-01T00:00:00Z' })).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(next({})).toBeUndefined();
  });
});

describe('a job for people', () => {
  it('has a line for each thing', () => {
    expect(jobInFull(job)).toMatch(
      /^id +x\n[\s\S]*^next run +2026-01-01T00:00:00\.000Z$[\s\S]*^last run +none yet\n$/m,
    );
    expect(jobInFull(job)).toMatch(/^trigger +cron\[0 9 \* \* \*\]\nin words +At 09:00, in Asia\/Tokyo$/m);
    expect(jobInFull(job)).not.toContain('due, with jitter');
    const dueTime = new Date('2026-01-01T00:00:17Z');
    expect(jobInFull({ ...job, dueTime } as unknown as typeof job)).toMatch(
      /^due, with jitter +2026-01-01T00:00:17\.000Z$/m,
    );
  });

  it('says how it ended last, and when it last succeeded', () => {
    const at = (minute: number) => new Date(minute * 60_000);
    const lastRun = { outcome: 'error', scheduledRunTime: at(3), settledAt: at(4), executed: 1, errors: 1 };
    const reported = (lastSuccess: object | null) =>
      jobInFull({ ...job, lastRun, lastSuccess } as unknown as typeof job);
    expect(reported({ scheduledRunTime: at(2), settledAt: null })).toMatch(
      /^last run +error for 1970-01-01T00:03:00\.000Z\nlast success +for 1970-01-01T00:02:00\.000Z\n/m,
    );
    expect(reported(null)).toMatch(/^last success +none known\n/m);
  });

  it('reports what is not as usual', () => {
    const policy = { priority: 3, timeout: 5_000, retry, history: { perJob: 5, age: 1_000 } };
    const found = { tags: ['billing', 'team:a'], description: 'What for' };
    expect(jobInFull({ ...job, ...found } as unknown as typeof job)).toMatch(
      /^description +What for\ntags +billing, team:a\ntask/m,
    );
    const reported = jobInFull({ ...job, ...policy, maxRuns: 7, runsLeft: () => 2 } as unknown as typeof job);
    expect(reported).toMatch(/^retry +5 attempts, after 1s, doubled up to 1m, 0\.5 of it by chance$/m);
    expect(reported).toMatch(/^priority +3\ntimeout +5s\n/m);
    expect(reported).toMatch(/^history +5 runs, 1s\nruns left +2 of 7$/m);
  });
});

describe('a policy from options', () => {
  it.each<[PolicyOptions, object]>([
    [{}, {}],
    [{ retry: 3 }, { retry: { attempts: 3, backoff: { type: 'exponential', delay: '1s' } } }],
    [
      { retry: 3, retryDelay: '5s', retryFixed: true, retryMaxDelay: '1m', retryJitter: 0.2 },
      { retry: { attempts: 3, backoff: { type: 'fixed', delay: '5s', maxDelay: '1m', jitter: 0.2 } } },
    ],
    [{ history: 5 }, { history: { perJob: 5 } }],
    [{ historyAge: '1d' }, { history: { age: '1d' } }],
    [
      { overlap: 'replace', priority: 0, timeout: 10 },
      { overlap: 'replace', priority: 0, timeout: 10 },
    ],
  ])('%j', (options, policy) => {
    expect(JSON.parse(JSON.stringify(policyOf(options)))).toEqual(policy);
  });

  it.each([{ retryDelay: '5s' }, { retryFixed: true }, { retryMaxDelay: 5 }, { retryJitter: 0 }] as const)(
    '%j needs --retry',
    (options) => {
      expect(() => policyOf(options)).toThrow('needs --retry');
    },
  );
});
