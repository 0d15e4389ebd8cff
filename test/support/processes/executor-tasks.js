// Tasks for the contract of executors of every kind. They write what they do to files, without Carillon.
import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { ConflictingIdError, cron, RetryAtError, UnrecoverableError } from '@carillon/core';
import { currentRun } from '@carillon/worker';

class OrderError extends Error {
  name = 'OrderError';
  code = 'ORDER_CLOSED';
}

const write = (file, what) => appendFileSync(file, `${what}\n`);
/** Writes a note with its time, its process and its execution. */
function note(file, what) {
  const { executionId, attempt } = currentRun();
  write(file, JSON.stringify({ what, at: Date.now(), pid: process.pid, ppid: process.ppid, executionId, attempt }));
}

const place = () => `${process.pid}/${threadId}`;

export const tasks = {
  echo: (...args) => args,
  greet: async (name, { punctuation = '.' } = {}) => `Hello, ${name}${punctuation}`,
  nothing: () => {},
  date: () => new Date(0),
  place: async (ms = 0) => {
    await sleep(ms);
    return place();
  },
  /** Ends once `count` calls have begun. */
  meet: async (file, count) => {
    write(file, place());
    while (readFileSync(file, 'utf8').split('\n').length <= count) await sleep(10);
    return place();
  },
  never: () => {
    throw new UnrecoverableError('no');
  },
  later: (instant) => {
    throw new RetryAtError(instant);
  },
  fail: (message) => {
    throw new OrderError(message);
  },
  'fail-with': (what) => {
    throw what;
  },
  large: (length) => 'x'.repeat(length),
  bigint: () => ({ count: 1n }),
  circle: () => {
    const circle = {};
    circle.self = circle;
    return circle;
  },
  run: () => {
    const { signal, logger, progress, scheduler, ...fields } = currentRun();
    const { previousFireTime } = currentRun();
    const isDate = fields.scheduledRunTime instanceof Date && (previousFireTime ?? new Date()) instanceof Date;
    return { ...fields, previousFireTime, isDate, aborted: signal.aborted };
  },
  log: () => {
    const { logger } = currentRun();
    logger.info('plain');
    logger.warn({ order: 7, level: 'mine' }, 'with members');
    logger.child({ part: 'child' }).error({ err: new OrderError('as planned') });
    logger.debug('not wanted');
  },
  progress: async (values) => {
    for (const value of values) currentRun().progress(value);
  },
  'progress-unfit': () => {
    const { progress } = currentRun();
    const errors = [];
    for (const value of [new Date(0), { x: undefined, y: [undefined] }, 'x'.repeat(17_000)]) {
      try {
        progress(value);
      } catch (error) {
        errors.push(`${error.name}: ${error.message}`);
      }
    }
    return errors;
  },
  'progress-late': () => {
    const { progress } = currentRun();
    setTimeout(() => progress('late'), 100);
  },
  /** Ends when its signal is aborted: throws the reason or returns, by `how`. */
  obey: async (file, how) => {
    const { signal } = currentRun();
    write(file, 'began');
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    const { name, message, code } = signal.reason;
    write(file, JSON.stringify({ name, message, code }));
    if (how === 'throw') throw signal.reason;
    return 'obeyed';
  },
  /** Ends when its signal is aborted, with the execution id that it can read then. */
  'obey-knowing': (file) => {
    const { signal } = currentRun();
    write(file, 'began');
    return new Promise((resolve, reject) => {
      const obey = () => {
        try {
          resolve(currentRun().executionId);
        } catch (error) {
          reject(error);
        }
      };
      signal.addEventListener('abort', obey, { once: true });
    });
  },
  /** Does not end. */
  ignore: async (file) => {
    write(file, 'began');
    for (;;) {
      await sleep(20);
      write(file, 'at it');
    }
  },
  busy: (file) => {
    write(file, 'began');
    for (;;);
  },
  /** Does not end at the first attempt. */
  'busy-first': (file) => {
    const isFirst = currentRun().attempt === 1;
    note(file, 'began');
    if (isFirst) for (;;);
    note(file, 'ended');
    return process.pid;
  },
  noted: async (file, ms) => {
    note(file, 'began');
    await sleep(ms);
    note(file, 'ended');
  },
  tick: async (file, times, ms) => {
    for (let time = 0; time < times; time++) {
      write(file, `tick ${place()}`);
      await sleep(ms);
    }
    return 'ticked';
  },
  overlap: async (file, ms) => {
    write(file, `in ${place()}`);
    await sleep(ms);
    write(file, `out ${place()}`);
  },
  exit: (code) => process.exit(code),
  'exit-later': () => {
    setTimeout(() => process.exit(7), 100);
  },
  crash: () => process.abort(),
  'kill-itself': async () => {
    process.kill(process.pid, 'SIGKILL');
    await sleep(60_000);
  },
  uncaught: async () => {
    setTimeout(() => {
      throw new OrderError('no code catches this');
    });
    await sleep(60_000);
  },
  'throw-later': () => {
    setTimeout(() => {
      throw new OrderError('too late');
    }, 100);
  },
  'out-of-memory': () => {
    const kept = [];
    for (;;) kept.push(new Array(100_000).fill(1.5));
  },
  'use-scheduler': async () => {
    const { scheduler, runId } = currentRun();
    const reported = ({ name, code, message }) => ({ name, code, message });
    const refused = (call) => call.then(() => 'not refused', reported);
    const id = `of-${runId}`;
    const args = [JSON.parse('{"__proto__":1}'), null];
    const trigger = cron('0 12 * * *', { timezone: 'Europe/Berlin' });
    const added = await scheduler.addJob({ id, task: 'echo', args, trigger });
    const [one, two] = await scheduler.addJobs(
      ['a', 'b'].map((end) => ({ id: `${id}-${end}`, task: 'echo', trigger, nextRunTime: new Date('2100-01-01') })),
    );
    const twice = await scheduler.addJob({ id, task: 'echo', trigger }).catch((error) => error);
    const facts = {
      jobs: [added.id, added.jobStore, added.nextRunTime instanceof Date, one.id, two.nextRunTime.toISOString()],
      page: (await scheduler.getJobs()).jobs
        .map((job) => job.id)
        .filter((jobId) => jobId.startsWith(id))
        .sort(),
      isOurs: twice instanceof ConflictingIdError,
      refusals: [
        reported(twice),
        await refused(scheduler.addJob({ task: 'echo', args: [new Date(0)], trigger })),
        await refused(scheduler.enqueue('echo', [], { delay: -1 })),
        await refused(scheduler.removeJob('nowhere')),
        await refused(scheduler.enqueue('echo', [], { jobStore: 'elsewhere' })),
        await refused(scheduler.enqueue('echo', [], 5)),
      ],
      paused: (await scheduler.pauseJob(id)).paused,
      resumed: (await scheduler.resumeJob(id)).paused,
      renamed: (await scheduler.modifyJob(id, { name: 'new' })).name,
      kept: (await scheduler.getJob(id)).args,
      moved: (await scheduler.rescheduleJob(id, cron('0 13 * * *'))).nextRunTime.getUTCHours(),
    };
    const later = await scheduler.enqueue('echo', ['later'], { at: new Date('2100-01-01') });
    const dedupe = { key: runId, for: '1h' };
    const first = await scheduler.enqueue('echo', ['once'], { dedupe });
    const second = await scheduler.enqueue('echo', ['once'], { dedupe });
    const ran = await scheduler.runJob(id);
    const { state } = await scheduler.getRun(later.runId);
    const of = (await scheduler.getRuns(id)).map((run) => run.runId);
    const cancelled = [await later.cancel(), await scheduler.cancelRun(later.runId)];
    const same = [first.runId === second.runId, first.isDuplicate, second.isDuplicate, of.includes(ran.runId)];
    await scheduler.removeJob(`${id}-a`);
    await two.remove();
    const left = (await scheduler.getJob(`${id}-a`)) === undefined && (await scheduler.getJob(`${id}-b`)) === undefined;
    // Not awaited: it must be enqueued although the run may end first.
    void scheduler.enqueue('greet', [id]);
    return { ...facts, state, cancelled, same, left, first: first.runId, ran: [ran.jobId, ran.jobStore] };
  },
  /** Calls that read or write with options of their own. */
  'use-scheduler-options': async () => {
    const { scheduler, runId } = currentRun();
    const id = `of-${runId}`;
    const trigger = cron('0 12 * * *');
    const spec = { id, task: 'echo', tags: [runId], trigger };
    const planned = await scheduler.addJob(spec, { dryRun: true });
    const isAbsent = (await scheduler.getJob(id)) === undefined;
    const { revision } = await scheduler.addJob(spec);
    const stale = await scheduler.modifyJob(id, { name: 'n' }, { ifRevision: revision + 1 }).catch(({ code }) => code);
    const dry = await scheduler.pauseJob(id, { dryRun: true });
    const ids = ({ jobs }) => jobs.map((job) => job.id);
    const filters = [
      { tags: [runId] },
      { tags: [runId], task: 'echo', state: 'scheduled' },
      { text: id, lastOutcome: 'none' },
    ];
    const found = await Promise.all(filters.map(async (filter) => ids(await scheduler.getJobs({ filter }))));
    const dedupe = { key: runId, for: '1h' };
    const [ran, again] = [await scheduler.runJob(id, { args: [1], dedupe }), await scheduler.runJob(id, { dedupe })];
    const later = await scheduler.enqueue('echo', [], { at: new Date('2100-01-01'), requireTask: true });
    const states = (await scheduler.getRuns({ state: 'scheduled', task: 'echo' })).runs.map((run) => run.runId);
    await later.cancel();
    const ended = await scheduler.getRuns({ outcome: 'cancelled', task: 'echo' });
    const failed = await scheduler.getRuns({ state: 'error', jobId: id });
    await scheduler.removeJob(id, { cancelRuns: true });
    return {
      ...{ planned: planned.id, isAbsent, stale, dry: dry.paused, found, same: ran.runId === again.runId },
      ...{ states: states.includes(later.runId), ended: ended.runs.some((run) => run.runId === later.runId) },
      failed: failed.runs,
    };
  },
  /** Enqueues another run, and returns `enqueued` or why it was refused. */
  relay: (name, args, options) =>
    currentRun()
      .scheduler.enqueue(name, args, options)
      .then(
        () => 'enqueued',
        ({ message }) => message,
      ),
  'use-scheduler-late': (file) => {
    const { scheduler } = currentRun();
    const call = () => scheduler.enqueue('echo', ['too late']);
    setTimeout(() => call().catch(({ name, code }) => write(file, `${name} ${code}`)), 200);
  },
  'mind-signals': async (file) => {
    write(file, `began ${process.pid}`);
    await sleep(500);
    return 'unmoved';
  },
};
