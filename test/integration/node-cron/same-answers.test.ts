import { fileURLToPath } from 'node:url';
import { defaultLogger } from '@carillon/core/internal';
import type { TaskEvent, TaskOptions } from 'carillon/node-cron';
import theirs from 'node-cron';
import { afterAll, describe, expect, it } from 'vitest';
import { NodeCron } from '../../../packages/carillon/src/node-cron/node-cron.js';
import { eventually } from '../../support/eventually.js';
import { ownPrefix, redisUrl } from '../../support/redis.js';

type Cron = Pick<NodeCron, 'schedule' | 'createTask' | 'getTasks' | 'getTask' | 'validate' | 'shutdown'>;

const logger = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };
const file = (name: string) => fileURLToPath(new URL(`./tasks/${name}.js`, import.meta.url));

const silent = defaultLogger('silent');

function inMemory(): Cron {
  const cron = new NodeCron();
  cron.configure({ redis: null, logger: silent });
  return cron;
}

function onRedis(): Cron {
  const cron = new NodeCron();
  cron.configure({ redis: redisUrl(), prefix: ownPrefix(), logger: silent });
  return cron;
}

const EVENTS: readonly TaskEvent[] = [
  ...(['task:started', 'task:stopped', 'task:destroyed', 'task:failed', 'execution:started'] as const),
  ...(['execution:finished', 'execution:failed', 'execution:overlap', 'execution:maxReached'] as const),
];

/** The same program on node-cron and on Carillon, with one changed import. */
describe.each<[string, () => Cron]>([
  ['node-cron', () => theirs as unknown as Cron],
  ['carillon/node-cron in memory', inMemory],
  ['carillon/node-cron on Redis', onRedis],
])('%s', (place, open) => {
  const cron = open();
  afterAll(() => cron.shutdown());

  const scheduled = (func: Parameters<Cron['schedule']>[1], options: TaskOptions = {}) => {
    const task = cron.createTask('* * * * * *', func, { logger, ...options });
    const heard: string[] = [];
    for (const event of EVENTS) task.on(event, () => void heard.push(event));
    return { task, heard };
  };

  it.concurrent('calls the function at each fire, with the fire time', async () => {
    const calls: { date: Date; local: string; reason: unknown; late: number }[] = [];
    const { task, heard } = scheduled(
      ({ date, dateLocalIso, execution, triggeredAt }) => {
        calls.push({
          date,
          local: dateLocalIso,
          reason: execution?.reason,
          late: triggeredAt.getTime() - date.getTime(),
        });
        return calls.length;
      },
      { timezone: 'Asia/Kolkata' },
    );
    expect([task.getStatus(), task.getNextRun()]).toEqual(['stopped', null]);
    await task.start();
    await eventually(() => expect(calls.length).toBeGreaterThanOrEqual(2));
    await eventually(() => expect(task.lastRun()?.result).toBeGreaterThanOrEqual(2));
    await task.stop();
    expect(task.getStatus()).toBe('stopped');
    for (const { date, local, reason, late } of calls) {
      expect([date.getTime() % 1_000, reason]).toEqual([0, 'scheduled']);
      expect(local).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+05:30$/);
      expect(new Date(local)).toEqual(date);
      expect(late).toBeGreaterThanOrEqual(0);
    }
    expect(heard.slice(0, 3)).toEqual(['task:started', 'execution:started', 'execution:finished']);
    expect(heard.at(-1)).toBe('task:stopped');
    await task.start();
    const before = calls.length;
    await eventually(() => expect(calls.length).toBeGreaterThan(before));
    await task.destroy();
    expect([task.getStatus(), heard.at(-1), cron.getTask(task.id)]).toEqual(['destroyed', 'task:destroyed', undefined]);
  });

  it.concurrent('reports what a function throws, and goes on', async () => {
    let calls = 0;
    const { task, heard } = scheduled(async () => {
      calls += 1;
      throw new RangeError(`no ${calls}`);
    });
    const failed: unknown[] = [];
    task.on('execution:failed', ({ execution }) => void failed.push(execution?.error));
    await task.start();
    await eventually(() => expect(failed.length).toBeGreaterThanOrEqual(2));
    await task.destroy();
    expect(failed[0]).toEqual(new RangeError('no 1'));
    expect(task.lastRun()?.error).toBeInstanceOf(RangeError);
    expect(heard).not.toContain('execution:finished');
  });

  it.concurrent('executes at once when asked to, started or not', async () => {
    const { task, heard } = scheduled(({ execution }) => ({ reason: execution?.reason, of: new Map([[1, 2]]) }));
    expect(await task.execute()).toEqual({ reason: 'invoked', of: new Map([[1, 2]]) });
    expect(heard).toEqual(['execution:started', 'execution:finished']);
    const failing = scheduled(() => {
      throw new Error('as asked');
    });
    await expect(failing.task.execute()).rejects.toThrow('as asked');
    await Promise.all([task.destroy(), failing.task.destroy()]);
  });

  it.concurrent('skips a fire while the one before runs, with noOverlap', async () => {
    let running = 0;
    let most = 0;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { task, heard } = scheduled(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await held;
        running -= 1;
      },
      { noOverlap: true },
    );
    await task.start();
    await eventually(() => expect(heard).toContain('execution:overlap'));
    expect([task.getStatus(), task.isBusy()]).toEqual(['running', true]);
    release();
    await eventually(() => expect(heard).toContain('execution:finished'));
    await task.destroy();
    expect(most).toBe(1);
  });

  it.concurrent('executes side by side without it', async () => {
    let running = 0;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { task, heard } = scheduled(() => {
      running += 1;
      return held;
    });
    await task.start();
    await eventually(() => expect(running).toBeGreaterThanOrEqual(2));
    expect(heard).toContain('execution:overlap');
    release();
    await task.destroy();
  });

  it.concurrent('ends after maxExecutions', async () => {
    const calls: number[] = [];
    const { task, heard } = scheduled(() => void calls.push(1), { maxExecutions: 2 });
    expect(task.runsLeft()).toBe(2);
    await task.start();
    await eventually(() => expect(heard).toContain('task:destroyed'));
    expect([calls.length, task.runsLeft(), task.getStatus()]).toEqual([2, 0, 'destroyed']);
    expect(heard.slice(-3)).toEqual(['execution:maxReached', 'task:stopped', 'task:destroyed']);
    expect(heard.filter((event) => event === 'execution:finished')).toHaveLength(2);
  });

  it.concurrent('executes the function of a file in another process', async () => {
    const { task } = scheduled(file('add'));
    await expect(task.execute()).rejects.toThrow('start');
    await task.start();
    const own = await task.execute();
    expect(own).toMatchObject({ sum: 3, reason: 'invoked' });
    expect(own.pid).not.toBe(process.pid);
    await eventually(() => expect(task.lastRun()?.result).toMatchObject({ sum: 3, reason: 'scheduled', pid: own.pid }));
    // node-cron's own destroy() of a started task may wait for ever: it ends the process whose answer it waits for.
    await task.stop();
    await task.destroy();
    const broken = scheduled(file('broken'));
    await expect(broken.task.start()).rejects.toThrow('it does not load');
    await broken.task.destroy();
  });

  it.concurrent('knows the next fires, and which instants match', async () => {
    const task = cron.createTask('30 9 * * 1-5', () => {}, { timezone: 'Europe/Berlin', name: 'report', logger });
    expect([task.name, task.getPattern(), task.runsLeft(), task.lastRun()]).toEqual([
      'report',
      '30 9 * * 1-5',
      undefined,
      null,
    ]);
    expect(task.match(new Date('2026-07-01T07:30:00Z'))).toBe(true);
    expect(task.match(new Date('2026-07-01T07:30:01Z'))).toBe(false);
    expect(task.match(new Date('2026-07-04T07:30:00Z'))).toBe(false);
    const runs = task.getNextRuns(3);
    expect(runs).toHaveLength(3);
    for (const run of runs) expect(task.match(run)).toBe(true);
    await task.start();
    expect([task.getNextRun(), cron.getTasks().get(task.id)]).toEqual([runs[0], task]);
    expect(task.msToNext()).toBeGreaterThan(0);
    await task.destroy();
  });

  it.concurrent('refuses at once what is wrong', () => {
    expect(() => cron.schedule('* 25 * * *', () => {})).toThrow();
    expect(() => cron.schedule('* * * * *', () => {}, { timezone: 'Mars/Olympus' })).toThrow();
    expect(() => cron.schedule('* * * * *', () => {}, { distributed: true })).toThrow('name');
    expect([cron.validate('* * * * *'), cron.validate('x')]).toEqual([true, false]);
    expect(place).not.toBe('');
  });
});
