import { cron, date, RunCancelledError } from '@carillon/core';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Timing } from '../../../packages/core/src/job/timing.js';
import { eventually } from '../../support/eventually.js';
import { Bench, FIRE_TIME, Notes, shareExecutors } from '../../support/task-runners.js';

/** Tasks that take a second to load. */
const SLOW_TASKS = new URL('../../support/processes/slow-tasks.js', import.meta.url);
const KINDS = ['async', 'thread', 'process'] as const;

shareExecutors();

describe.each(KINDS)('a task run as %s', (kind) => {
  const isAsync = kind === 'async';

  it('is given its arguments, and its result is JSON', async () => {
    const bench = await Bench.of(kind);
    expect(await bench.value({ task: 'greet', args: ['you'] })).toBe('Hello, you.');
    expect(await bench.value({ task: 'greet', args: ['you'], kwargs: { punctuation: '!' } })).toBe('Hello, you!');
    expect(await bench.value({ task: 'nothing' })).toBe(null);
    expect(await bench.value({ task: 'date' })).toBe('1970-01-01T00:00:00.000Z');
  });

  it('is given, and gives back, keys that mean something to JavaScript', async () => {
    const bench = await Bench.of(kind);
    const odd = '{"__proto__":{"a":[{"__proto__":1}]},"constructor":1,"then":null}';
    const outcome = await bench.run({ task: 'echo', args: [JSON.parse(odd)], kwargs: JSON.parse(odd) });
    expect(outcome).toEqual({ outcome: 'executed', json: `[${odd},${odd}]` });
  });

  it('runs where the kind says', async () => {
    const bench = await Bench.of(kind);
    const [pid, thread] = String(await bench.value({ task: 'place' }))
      .split('/')
      .map(Number);
    const isThread = (thread ?? 0) > 0;
    expect({ isHere: pid === process.pid, isThread }).toEqual({
      isHere: kind !== 'process',
      isThread: kind === 'thread',
    });
  });

  it('keeps the class, message, stack and code of what it throws', async () => {
    const bench = await Bench.of(kind);
    const outcome = await bench.run({ task: 'fail', args: ['the order is closed'] });
    expect(outcome).toMatchObject({
      outcome: 'error',
      error: {
        name: 'OrderError',
        message: 'the order is closed',
        code: 'ORDER_CLOSED',
        stack: expect.stringMatching(/the order is closed\n.*executor-tasks[-\w]*\.js/s),
      },
      thrown: { name: 'OrderError', message: 'the order is closed', code: 'ORDER_CLOSED' },
      steering: { names: ['OrderError'], unrecoverable: false, retryAt: null },
    });
    expect(outcome).toHaveProperty('thrown', expect.any(Error));
    expect(await bench.run({ task: 'fail-with', args: [{ reason: 'odd' }] })).toMatchObject({
      error: { name: 'Error', message: '{"reason":"odd"}' },
    });
  });

  it('keeps what an error says about trying again', async () => {
    const bench = await Bench.of(kind);
    const expected = { names: ['UnrecoverableError', 'CarillonError'], unrecoverable: true, retryAt: null };
    expect(await bench.run({ task: 'never' })).toMatchObject({ steering: expected });
    expect(await bench.run({ task: 'later', args: ['2026-01-01T00:00:00Z'] })).toMatchObject({
      error: { name: 'RetryAtError', code: 'RETRY_AT', message: 'not yet' },
      steering: { unrecoverable: false, retryAt: Date.UTC(2026, 0, 1) },
    });
    expect(await bench.run({ task: 'fail-with', args: [{ retryAt: 5 }] })).toMatchObject({ steering: { retryAt: 5 } });
  });

  it('that is not there is an error', async () => {
    const bench = await Bench.of(kind);
    expect(await bench.run({ task: 'nowhere' })).toMatchObject({
      outcome: 'error',
      error: {
        name: 'UnknownTaskError',
        code: 'UNKNOWN_TASK',
        message: expect.stringContaining('has no task "nowhere"'),
      },
    });
    expect(await bench.run({ task: 'toString' })).toMatchObject({ error: { code: 'UNKNOWN_TASK' } });
  });

  it('may not return too much, or what JSON cannot carry', async () => {
    const bench = await Bench.of(kind);
    const limit = 512 * 1024;
    expect(await bench.run({ task: 'large', args: [limit - 2] })).toMatchObject({ outcome: 'executed' });
    expect(await bench.run({ task: 'large', args: [limit - 1] })).toMatchObject({
      error: { code: 'RESULT_TOO_LARGE', message: expect.stringContaining('at most 512 KiB') },
    });
    expect(await bench.run({ task: 'bigint' })).toMatchObject({ error: { name: 'TypeError' } });
    expect(await bench.run({ task: 'circle' })).toMatchObject({ error: { name: 'TypeError' } });
  });

  it('knows its run', async () => {
    const bench = await Bench.of(kind);
    const outcome = await bench.run(
      { task: 'run' },
      { jobId: null, attempt: 3, executionId: 'e.0', jobStore: 'reports' },
    );
    expect(outcome.outcome === 'executed' && JSON.parse(outcome.json)).toEqual({
      runId: 'run-1',
      executionId: 'e.0',
      jobId: null,
      jobStore: 'reports',
      scheduledRunTime: FIRE_TIME.toISOString(),
      previousFireTime: null,
      isDate: true,
      attempt: 3,
      aborted: false,
    });
  });

  it('knows the fire time before its own', async () => {
    const bench = await Bench.of(kind);
    const trigger = cron('0 * * * *');
    const reported = async (timing: Timing) => {
      const outcome = await bench.run({ task: 'run', timing });
      return outcome.outcome === 'executed' && JSON.parse(outcome.json).previousFireTime;
    };
    expect(await reported({ trigger, timezone: 'UTC' })).toBe('2026-03-29T00:00:00.000Z');
    expect(await reported({ trigger, timezone: 'UTC', from: Date.UTC(2026, 2, 28) })).toBe('2026-03-27T23:00:00.000Z');
    expect(await reported({ trigger: date(FIRE_TIME) })).toBe(null);
  });

  it('logs also through a logger that has levels of its own', async () => {
    const bench = await Bench.of(kind);
    const logged: string[] = [];
    const write = (line: string) => void logged.push(JSON.parse(line).msg);
    const customLevels: object = { verbose: 25, whisper: 5 };
    const logger = pino({ customLevels, level: 'verbose' }, { write });
    expect(await bench.run({ task: 'log' }, { logger })).toMatchObject({ outcome: 'executed' });
    logger.level = 'whisper';
    expect(await bench.run({ task: 'log' }, { logger })).toMatchObject({ outcome: 'executed' });
    await eventually(() => expect(logged.slice(3)).toContain('not wanted'));
    expect(logged.slice(0, 3)).toEqual(['plain', 'with members', 'as planned']);
    logger.level = 'silent';
    expect(await bench.run({ task: 'log' }, { logger })).toMatchObject({ outcome: 'executed' });
    expect(logged).toHaveLength(7);
  });

  it("logs through the worker's logger", async () => {
    const bench = await Bench.of(kind);
    await bench.value({ task: 'log' });
    expect(bench.logged).toMatchObject([
      { level: 30, msg: 'plain', runId: 'run-1' },
      { order: 7, msg: 'with members', runId: 'run-1' },
      { level: 50, part: 'child', runId: 'run-1', msg: 'as planned' },
    ]);
    expect(bench.logged[2]?.err).toMatchObject({
      type: 'OrderError',
      message: 'as planned',
      code: 'ORDER_CLOSED',
      stack: expect.stringMatching(/executor-tasks[-\w]*\.js/),
    });
  });

  it('reports how far it is', async () => {
    const bench = await Bench.of(kind);
    await bench.value({ task: 'progress', args: [[1, { done: 2 }, null, 'x'.repeat(16_000)]] });
    expect(bench.progress).toEqual([1, { done: 2 }, null, 'x'.repeat(16_000)]);
    expect(await bench.value({ task: 'progress-unfit' })).toEqual([
      'TypeError: progress is a Date, which does not survive JSON: pass plain data',
      'TypeError: progress.y[0] is undefined, which does not survive JSON: pass plain data',
      'RangeError: progress is 17 KiB of JSON; at most 16 KiB: report less',
    ]);
  });

  it('reports nothing once it has ended', async () => {
    const bench = await Bench.of(kind, 1);
    await bench.value({ task: 'progress-late' });
    await bench.value({ task: 'place', args: [300] });
    expect(bench.progress).toEqual([]);
  });

  it.each(['return', 'throw'])('has a signal when it is cancelled, and is cancelled, though it may %s', async (how) => {
    const bench = await Bench.of(kind);
    const notes = new Notes();
    const abort = new AbortController();
    const running = bench.run({ task: 'obey', args: [notes.file, how] }, { signal: abort.signal });
    await notes.reach(1);
    abort.abort(new RunCancelledError('run-1 was cancelled'));
    expect(await running).toEqual({ outcome: 'cancelled' });
    const reason = { name: 'RunCancelledError', message: 'run-1 was cancelled', code: 'RUN_CANCELLED' };
    expect(notes.lines.map((line) => line === 'began' || JSON.parse(line))).toEqual([true, reason]);
  });

  it('is notified when it is aborted; what it returns counts, what it throws is not an outcome', async () => {
    const bench = await Bench.of(kind);
    for (const [how, outcome] of [
      ['return', { outcome: 'executed', json: '"obeyed"' }],
      ['throw', { outcome: 'aborted' }],
    ] as const) {
      const notes = new Notes();
      const abort = new AbortController();
      const running = bench.run({ task: 'obey', args: [notes.file, how] }, { signal: abort.signal });
      await notes.reach(1);
      abort.abort(new Error('the lease was lost'));
      expect(await running).toEqual(outcome);
      expect(JSON.parse(notes.lines[1] ?? '')).toEqual({ name: 'Error', message: 'the lease was lost' });
    }
  });

  it('knows its run where it is notified of its abort', async () => {
    const bench = await Bench.of(kind);
    const notes = new Notes();
    const abort = new AbortController();
    const running = bench.run(
      { task: 'obey-knowing', args: [notes.file] },
      { signal: abort.signal, executionId: 'e.7' },
    );
    await notes.reach(1);
    abort.abort(new Error('the lease was lost'));
    expect(await running).toEqual({ outcome: 'executed', json: '"e.7"' });
  });

  it.each(['return', 'throw'])('whose time is up fails, though it may %s', async (how) => {
    const bench = await Bench.of(kind);
    const notes = new Notes();
    const outcome = await bench.run({ task: 'obey', args: [notes.file, how], timeoutMs: 300 });
    expect(outcome).toMatchObject({
      outcome: 'error',
      error: { name: 'RunTimeoutError', code: 'RUN_TIMEOUT', message: expect.stringContaining('timeout of 300ms') },
    });
    expect(JSON.parse(notes.lines[1] ?? '')).toMatchObject({ name: 'RunTimeoutError', code: 'RUN_TIMEOUT' });
  });

  it('is not late because it took long to load', async () => {
    const bench = await Bench.fresh(kind, 1, SLOW_TASKS);
    expect(await bench.value({ task: 'quick', timeoutMs: 600 })).toBe('quick');
  });

  it('that is done in time does not fail', async () => {
    const bench = await Bench.of(kind);
    expect(await bench.value({ task: 'greet', args: ['you'], timeoutMs: 30_000 })).toBe('Hello, you.');
  });

  it('that does not obey its signal is not waited for', async () => {
    const bench = await Bench.of(kind);
    const notes = new Notes();
    const outcome = await bench.run({ task: 'ignore', args: [notes.file], timeoutMs: 200 });
    expect(outcome).toMatchObject({ error: { code: 'RUN_TIMEOUT' } });
    if (isAsync) return;
    // The task is dead: it writes nothing more while others run.
    const { length } = notes.lines;
    await bench.value({ task: 'place', args: [300] });
    expect(notes.lines).toHaveLength(length);
  });

  it('is not called beside more than the concurrency says', async () => {
    const bench = await Bench.of(kind, 2);
    const notes = new Notes();
    const { file } = new Notes();
    // From now on there are two places.
    await Promise.all([1, 2].map(() => bench.value({ task: 'meet', args: [file, 2] })));
    await Promise.all(Array.from({ length: 8 }, () => bench.value({ task: 'overlap', args: [notes.file, 50] })));
    let inside = 0;
    const counts = notes.lines.map((line) => {
      inside += line.startsWith('in') ? 1 : -1;
      return inside;
    });
    expect({ most: Math.max(...counts), count: counts.length }).toEqual({ most: 2, count: 16 });
  });

  it('leaves its place to others, though it does not obey its signal', async () => {
    const bench = await Bench.of(kind, 1);
    expect(await bench.run({ task: 'ignore', args: [new Notes().file], timeoutMs: 50 })).toMatchObject({
      error: { code: 'RUN_TIMEOUT' },
    });
    expect(await bench.value({ task: 'greet', args: ['you'] })).toBe('Hello, you.');
  });

  it('is not called when its run was aborted before', async () => {
    const bench = await Bench.of(kind);
    const notes = new Notes();
    const cancelled = AbortSignal.abort(new RunCancelledError('cancelled'));
    const call = { task: 'tick', args: [notes.file, 1, 0] };
    expect(await bench.run(call, { signal: cancelled })).toEqual({ outcome: 'cancelled' });
    expect(await bench.run(call, { signal: AbortSignal.abort() })).toEqual({ outcome: 'aborted' });
    expect(notes.lines).toEqual([]);
  });

  it('is aborted when its executor closes, and none is called after that', async () => {
    const bench = await Bench.of(kind);
    const [obeying, ignoring] = [new Notes(), new Notes()];
    const running = [
      bench.run({ task: 'obey', args: [obeying.file, 'throw'] }),
      bench.run({ task: 'ignore', args: [ignoring.file] }),
    ];
    await Promise.all([obeying.reach(1), ignoring.reach(1)]);
    await bench.runner.close();
    expect(await Promise.all(running)).toEqual([{ outcome: 'aborted' }, { outcome: 'aborted' }]);
    expect(obeying.lines).toHaveLength(2);
    expect(await bench.run({ task: 'place' })).toEqual({ outcome: 'aborted' });
    await bench.runner.close();
  });
});
