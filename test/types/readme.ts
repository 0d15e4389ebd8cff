import { Carillon, Coordinator, cron, currentRun, Scheduler, Worker } from 'carillon';

/** All in one process. */
export async function shortest(): Promise<void> {
  const carillon = new Carillon({
    redis: 'redis://localhost:6379',
    tasks: { 'report.daily': async (_region: string, _options: { format: 'pdf' | 'csv' }) => ({ pages: 12 }) },
  });
  await carillon.start();
  await carillon.addJob({
    id: 'daily-eu',
    task: 'report.daily',
    args: ['eu', { format: 'pdf' }],
    trigger: cron('0 9 * * 1-5', { timezone: 'Europe/Berlin' }),
    replaceExisting: true,
  });
  await carillon.addListener((event) => console.error(event), ['job_error', 'job_missed']);
  // @ts-expect-error the tasks are known by their names
  await carillon.addJob({ task: 'report.weekly' });
}

/** Tasks as methods of an object. One of them looks at its run. */
const tasks = {
  async 'report.daily'(region: string, options: { format: 'pdf' | 'csv' }) {
    currentRun().signal.throwIfAborted();
    return { region, ...options };
  },
};

/** Split over processes. */
export async function split(): Promise<void> {
  const redis = 'redis://localhost:6379';
  await using scheduler = new Scheduler<typeof tasks>({ redis });
  await using coordinator = new Coordinator({ redis, lease: '3s' });
  await using worker = new Worker({ redis, tasks, executors: { default: { concurrency: 20 } } });
  await Promise.all([coordinator.start(), worker.start()]);
  await scheduler.addJob({ task: 'report.daily', args: ['eu', { format: 'pdf' }] });
  // @ts-expect-error concurrency is a number
  new Worker({ redis, tasks, executors: { default: { concurrency: '20' } } });
  // @ts-expect-error tasks are functions
  new Worker({ redis, tasks: { ping: 'pong' } });
  // @ts-expect-error a lease has a unit
  new Coordinator({ redis, lease: '3 seconds' });
  // @ts-expect-error a Worker needs its tasks
  new Worker({ redis });
  // @ts-expect-error a task map is of functions
  type Wrong = Scheduler<{ ping: string }>;
  await scheduler.addJob({ task: 'report.daily', args: ['eu', { format: 'csv' }] } satisfies Parameters<
    typeof scheduler.addJob
  >[0]);
  return undefined as unknown as Promise<Wrong extends never ? never : void>;
}

/** Every way to say where Redis is. */
export const places = [
  new Scheduler({ redis: { host: 'redis', port: 6380, username: 'app', password: 'x', db: 2, tls: {} } }),
  new Scheduler({ redis: { sentinels: [{ host: 's1', port: 26379 }], name: 'primary' } }),
  new Scheduler({ redis: { cluster: [{ host: 'c1', port: 7000 }] } }),
  // @ts-expect-error options of the client library are none of ours
  new Scheduler({ redis: { host: 'redis', keyPrefix: 'x' } }),
];
