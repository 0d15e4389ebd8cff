import { describe, expect, it } from 'vitest';
import type { LiveRun } from '../../../../packages/core/src/ports/job-records.js';
import { runOf } from '../../../../packages/core/src/run/reading.js';

const reported = { jobStore: 'default', jobId: 'j', runId: 'r', task: 't' };
const about = { ...reported, executor: 'default', retryOf: null };
let seq = 0;
const message = (type: string, at: number, more: object) =>
  JSON.stringify({ v: 1, seq: ++seq, type, at, ...reported, ...more });
const execution = (index: number) => ({ executionId: `r.${index}`, scheduledRunTime: 100 * (index + 1) });
const executed = (index: number, at: number) =>
  message('job_executed', at, { ...execution(index), value: { n: index } });
const failed = (index: number, at: number) =>
  message('job_error', at, { ...execution(index), error: { name: 'E', message: 'm' } });
const cancelled = (index: number, at: number) => message('job_cancelled', at, execution(index));
const read = (outcomes: readonly string[], live: LiveRun | null = null) => runOf('default', 'r', { live, outcomes });

const live = (more: Partial<LiveRun> = {}, run: Partial<LiveRun['run']> = {}): LiveRun => ({
  run: {
    runId: 'r',
    jobId: 'j',
    fires: [100, 200].map((fireTime) => ({ fireTime, dueAt: fireTime + 5 })),
    done: 0,
    starts: 0,
    tries: 0,
    cancelled: false,
    executor: 'default',
    overlap: 'skip',
    history: null,
    task: 't',
    payload: '{}',
    ...run,
  },
  state: 'queued',
  notBefore: null,
  progress: null,
  ...more,
});

describe('a run that is owed', () => {
  it('reports how far it is', () => {
    expect(read([], live())).toEqual({
      ...about,
      state: 'queued',
      attempt: 0,
      retryAt: null,
      progress: null,
      cancelling: false,
      scheduledRunTimes: [new Date(100), new Date(200)],
      executions: [],
      missed: null,
    });
  });

  it('reports what was settled of it', () => {
    const run = read([executed(0, 900)], live({ state: 'running', progress: '{"part":2}' }, { done: 1, starts: 3 }));
    expect(run).toMatchObject({ state: 'running', attempt: 3, progress: { part: 2 } });
    expect(run?.executions).toEqual([
      {
        executionId: 'r.0',
        scheduledRunTime: new Date(100),
        settledAt: new Date(900),
        outcome: 'executed',
        value: { n: 0 },
      },
    ]);
  });

  it('reports when it is tried again, and that it is being cancelled', () => {
    expect(read([], live({ state: 'retrying', notBefore: 5_000 }, { starts: 1 }))).toMatchObject({
      state: 'retrying',
      retryAt: new Date(5_000),
    });
    expect(read([], live({ state: 'running' }, { cancelled: true }))).toMatchObject({ cancelling: true });
  });

  it('has no progress where that cannot be read', () => {
    expect(read([], live({ progress: '{' }))).toMatchObject({ progress: null });
  });

  it('is not known where its task cannot be read', () => {
    expect(read([], live({}, { task: '' }))).toBeUndefined();
  });
});

describe('a run that has ended', () => {
  it.each([
    ['executed', [executed(0, 900)]],
    ['error', [failed(0, 900)]],
    ['cancelled', [cancelled(0, 900)]],
    ['missed', [message('job_missed', 900, { first: 100, last: 100 })]],
    ['max_instances', [message('job_max_instances', 900, { scheduledRunTimes: [100], coalesced: null })]],
  ])('%s', (state, outcomes) => {
    const run = read(outcomes);
    expect(run).toMatchObject({ ...about, state, settledAt: new Date(900), scheduledRunTimes: [new Date(100)] });
    expect(run?.executions.map(({ outcome }) => outcome)).toEqual(
      ['missed', 'max_instances'].includes(state) ? [] : [state],
    );
  });

  it('with several fire times, is the outcome of the last', () => {
    const run = read([
      message('job_missed', 800, { first: 10, last: 50 }),
      executed(0, 900),
      failed(1, 950),
      cancelled(2, 970),
    ]);
    expect(run).toMatchObject({
      state: 'cancelled',
      settledAt: new Date(970),
      missed: { first: new Date(10), last: new Date(50) },
      scheduledRunTimes: [10, 50, 100, 200, 300].map((ms) => new Date(ms)),
    });
    expect(run?.executions.map(({ outcome }) => outcome)).toEqual(['executed', 'error', 'cancelled']);
  });

  it('is not known where nothing is kept that can be read', () => {
    expect(read([])).toBeUndefined();
    expect(read(['{', message('job_submitted', 1, {})])).toBeUndefined();
  });
});
