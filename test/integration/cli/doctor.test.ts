import { startRedis } from 'carillon/local-redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Stored } from '../../support/in-process.js';
import { carillon, done, file, Running, TASKS } from './carillon.js';

interface Finding {
  readonly level: string;
  readonly code: string;
  readonly jobStore: string | null;
  readonly finding: string;
  readonly whatToDo: string;
}

interface Reported {
  readonly server: object;
  readonly jobStores: readonly { readonly jobStore: string; readonly quarantined: readonly object[] }[];
  readonly findings: readonly Finding[];
}

/** Runs the doctor. Returns its findings in the job stores and its exit code. */
async function examine(prefix: string, more: readonly string[] = []) {
  const { code, json, stderr } = await carillon(['doctor', '--json', ...more], { prefix });
  const reported = json[0] as unknown as Reported;
  const findings = reported.findings.filter(({ jobStore }) => jobStore !== null);
  return { code, stderr, reported, findings, codes: findings.map((one) => one.code).sort() };
}

/** Starts a coordinator, and a worker with the tasks and these options. */
async function healthy(prefix: string, more: readonly string[] = []): Promise<{ worker: Running }> {
  const module = await file('tasks.mjs', TASKS);
  const coordinator = new Running(['coordinator'], { prefix });
  const worker = new Running(['worker', '--tasks', module, ...more], { prefix });
  await Promise.all([coordinator.says('coordinator started'), worker.says('worker started')]);
  await coordinator.says('"leading"');
  return { worker };
}

const add = (task: string, id: string, more: readonly string[] = []) => [
  'jobs',
  'add',
  task,
  '--id',
  id,
  '--every',
  '1h',
  ...more,
];

describe('carillon doctor', () => {
  it('finds nothing wrong with a job store that is served', async () => {
    const { prefix } = new Stored();
    await healthy(prefix);
    await done(add('greet', 'x'), { prefix });
    const { code, codes, reported } = await examine(prefix);
    expect(codes).toEqual([]);
    expect(code).toBe(0);
    expect(reported.jobStores).toMatchObject([
      {
        jobStore: 'default',
        leader: { epoch: expect.any(Number) },
        paused: false,
        counts: { jobs: 1, schedule: 1, outbox: 0, runs: 0, leases: 0, quarantine: 0 },
        workers: [{ executors: [{ alias: 'default', concurrency: 10 }], tasks: ['greet', 'slow', 'fail'] }],
        looked: 1,
      },
    ]);
    expect(reported.server).toMatchObject({ version: expect.any(String), maxmemoryPolicy: 'noeviction' });
    const people = await done(['doctor'], { prefix });
    expect(people.stdout).toMatch(/^default +[123] +term \d+ +1 +1 +0 +0 +0 +0 +0$/m);
  });

  it('finds that there is no leader and no worker', async () => {
    const { prefix } = new Stored();
    expect(await examine(prefix)).toMatchObject({ code: 0, codes: ['job_store_unknown', 'no_leader', 'no_workers'] });
    await done(add('greet', 'x'), { prefix });
    const { code, findings } = await examine(prefix);
    expect(code).toBe(1);
    expect(findings).toMatchObject([
      { level: 'error', code: 'no_leader', whatToDo: expect.stringContaining('carillon coordinator') },
      { level: 'error', code: 'no_workers', whatToDo: expect.stringContaining('carillon worker') },
    ]);
  });

  it('finds executors without a worker and tasks that no worker has, and what uses them', async () => {
    const { prefix } = new Stored();
    await healthy(prefix);
    await done(add('greet', 'fine'), { prefix });
    await done(add('greet', 'unserved', ['--executor', 'mail']), { prefix });
    await done(add('unwritten', 'no task'), { prefix });
    const { code, findings } = await examine(prefix);
    expect(code).toBe(1);
    expect(findings).toHaveLength(2);
    expect(findings[0]).toMatchObject({ level: 'error', code: 'executor_unserved', jobStore: 'default' });
    expect(findings[0]?.finding).toMatch(/"mail".*"unserved"/);
    expect(findings[0]?.whatToDo).toContain('--executor mail');
    expect(findings[1]).toMatchObject({ level: 'error', code: 'task_nowhere' });
    expect(findings[1]?.finding).toMatch(/"unwritten".*"no task"/);
    expect(findings[1]?.whatToDo).toContain('30 s');
  });

  it('finds an executor that only a run needs', async () => {
    const { prefix } = new Stored();
    await healthy(prefix);
    await done(['jobs', 'add', 'greet', '--id', 'once', '--executor', 'mail'], { prefix });
    await expect.poll(async () => (await examine(prefix)).codes, { timeout: 120_000 }).toEqual(['executor_unserved']);
    expect((await done(['jobs', 'list', '--json'], { prefix })).json).toEqual([]);
  });

  it('finds a task that some of the workers lack', async () => {
    const { prefix } = new Stored();
    await healthy(prefix);
    const old = await file('tasks.mjs', 'export const tasks = { greet: async () => {} };');
    const worker = new Running(['worker', '--tasks', old], { prefix });
    await worker.says('worker started');
    await done(add('slow', 'x'), { prefix });
    const { code, findings } = await examine(prefix);
    expect(code).toBe(0);
    expect(findings).toMatchObject([{ level: 'warning', code: 'task_not_everywhere' }]);
    const [, lacking] = /"workerId":"([^"]+)"/.exec(worker.stdout) ?? [];
    expect(findings[0]?.finding).toMatch(
      `1 of the 2 workers that serve executor "default" lacks task "slow", used by "x"`,
    );
    expect(findings[0]?.finding).toContain(`: "${lacking}"`);
  });

  it('finds what is paused, overdue, left in the outbox, in quarantine and unreadable', async () => {
    const { prefix, backend } = new Stored();
    const { client } = backend;
    const keys = backend.keys('default');
    await done(add('greet', 'x', ['--next-run-time', '2026-01-01T00:00:00Z']), { prefix });
    await done(['jobs', 'run', 'x'], { prefix });
    await done(['jobs', 'pause', '--all'], { prefix });
    await client.hset(keys.quarantine, 'y', '{"why":"a test","at":1790000000000,"raw":"garbage"}', 'z', 'garbage');
    await client.hset(keys.jobs, 'unreadable', 'garbage');
    const { codes, findings, reported } = await examine(prefix);
    expect(codes).toEqual([
      'jobs_unreadable',
      'no_leader',
      'no_workers',
      'outbox_not_empty',
      'paused',
      'quarantine_not_empty',
    ]);
    const finding = (code: string) => findings.find((one) => one.code === code)?.finding;
    expect(finding('quarantine_not_empty')).toMatch(/^2 records.*"y".*"z"|^2 records.*"z".*"y"/);
    expect(finding('outbox_not_empty')).toMatch(/^1 run is in the outbox, for /);
    expect(reported.jobStores[0]?.quarantined).toEqual(
      expect.arrayContaining([
        { id: 'y', why: 'a test', at: new Date(1_790_000_000_000).toISOString() },
        { id: 'z', why: 'not known', at: null },
      ]),
    );
    // A leader holds the lock but does nothing.
    await done(['jobs', 'resume', '--all'], { prefix });
    await client.set(keys.leader, 'stuck', 'PX', 60_000);
    const later = await examine(prefix);
    expect(later.codes).toContain('overdue');
    expect(later.codes).not.toContain('no_leader');
    expect(later.codes).not.toContain('paused');
  });

  it('finds workers that show no sign of life', async () => {
    const { prefix, backend } = new Stored();
    const keys = backend.keys('default');
    const reported = { executors: [{ alias: 'default', concurrency: 1 }], tasks: ['greet'], leaseMs: 5_000 };
    await backend.client.zadd(keys.workers, Date.now() - 60_000, 'gone');
    await backend.client.hset(keys.workersInfo, 'gone', JSON.stringify(reported));
    await done(add('greet', 'x'), { prefix });
    const { codes, findings } = await examine(prefix);
    expect(codes).toEqual(['no_leader', 'no_workers', 'worker_silent']);
    expect(findings.find(({ code }) => code === 'worker_silent')?.finding).toContain('"gone"');
  });

  it('finds a backlog: slots that are full, what waits for them, and a job whose instances are held', async () => {
    const { prefix, backend } = new Stored();
    await healthy(prefix, ['--executor', 'default:1', '--shutdown-timeout', '1ms']);
    const started = new Running(['events', '--type', 'job_started', '--count', '1'], { prefix });
    const submitted = new Running(['events', '--type', 'job_submitted', '--job', 'never', '--count', '1'], { prefix });
    await Promise.all([started.says('listening'), submitted.says('listening')]);
    const past = new Date(Date.now() - 60_000).toISOString();
    await done([...add('slow', 'hangs', ['--args', '[600000]']), '--next-run-time', past], { prefix });
    await started.ended();
    await done(add('greet', 'never', ['--next-run-time', past]), { prefix });
    await submitted.ended();
    const last = `executed ${Date.parse(past)} ${Date.parse(past) + 100} 1 0`;
    await backend.client.hset(backend.keys('default').last, 'hangs', last);
    const { code, findings } = await expect
      .poll(() => examine(prefix), { timeout: 120_000 })
      .toMatchObject({ codes: ['instances_held', 'runs_waiting', 'slots_full'] })
      .then(() => examine(prefix));
    expect(code).toBe(1);
    const finding = (code: string) => findings.find((one) => one.code === code)?.finding;
    expect(finding('runs_waiting')).toMatch(
      /^1 run is queued for executor "default", and was due 1 min( \d s)? ago: run \S+ of job "never"/,
    );
    expect(finding('slots_full')).toMatch(/the only slot of executor .* is taken.*of job "hangs" holds it/);
    expect(finding('instances_held')).toMatch(/"hangs".*the last one took 100 ms/);
    const people = await carillon(['doctor'], { prefix });
    expect(people.stdout).toMatch(/^error runs_waiting: job store default: .*\n {2}They wait for a slot/m);
  });

  it('finds limits of the whole cluster that are reached', async () => {
    const { prefix } = new Stored();
    const limits = ['--global-concurrency', 'one:1', '--rate-limit', 'rare:1/1h'];
    await healthy(prefix, ['--executor', 'one,rare', ...limits, '--shutdown-timeout', '1ms']);
    for (const id of ['a', 'b']) {
      await done(add('slow', `one ${id}`, ['--executor', 'one', '--args', '[600000]']), { prefix });
      await done(add('greet', `rare ${id}`, ['--executor', 'rare']), { prefix });
      for (const job of [`one ${id}`, `rare ${id}`]) await done(['jobs', 'run', job], { prefix });
    }
    await expect
      .poll(async () => (await examine(prefix)).codes, { timeout: 120_000 })
      .toEqual(['concurrency_limit_reached', 'rate_limit_reached']);
    const { code, findings, reported } = await examine(prefix);
    expect(code).toBe(0);
    expect(findings[0]?.finding).toMatch(/executor "one" may run 1 at once in the whole cluster, 1 is taken/);
    expect(findings[1]?.finding).toMatch(
      /executor "rare" may begin 1 run in 1h .* the next one in (1 h|\d+ (min|s)|\d+ min \d+ s), /,
    );
    expect(reported.jobStores).toMatchObject([
      {
        queues: expect.arrayContaining([expect.objectContaining({ executor: 'one', globalConcurrency: 1, taken: 1 })]),
      },
    ]);
  });

  it('looks at every job store that is known, or at those that are named', async () => {
    const { prefix } = new Stored();
    for (const jobStore of ['one', 'two']) await done(add('greet', 'x', ['--job-store', jobStore]), { prefix });
    const stores = ({ reported }: Awaited<ReturnType<typeof examine>>) =>
      reported.jobStores.map(({ jobStore }) => jobStore);
    expect(stores(await examine(prefix))).toEqual(['one', 'two']);
    expect(stores(await examine(prefix, ['--job-store', 'two']))).toEqual(['two']);
  });

  it('finds a server that drops keys, and one that saves nothing', async () => {
    const args = ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'];
    const redis = await startRedis({ args });
    onTestFinished(() => redis.stop());
    const { code, json, stderr } = await carillon(['doctor', '--json', '--redis', redis.url]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const findings = (json[0]?.findings ?? []) as Finding[];
    expect(findings.filter(({ jobStore }) => jobStore === null)).toMatchObject([
      { level: 'error', code: 'redis_evicts', whatToDo: expect.stringContaining('noeviction') },
      { level: 'warning', code: 'redis_not_persistent', whatToDo: expect.stringContaining('appendonly yes') },
    ]);
    const people = await carillon(['doctor', '--redis', redis.url]);
    expect(people.stdout).toMatch(/^error redis_evicts: server: maxmemory-policy is allkeys-lru.*\n {2}Set /m);
  });

  it('works for a user who may not ask for the configuration', async () => {
    const redis = await startRedis({
      appendOnly: true,
      args: ['--user', 'plain', 'on', 'nopass', '~*', '&*', '+@all', '-config'],
    });
    onTestFinished(() => redis.stop());
    const url = redis.url.replace('redis://', 'redis://plain:any@');
    const { code, json } = await carillon(['doctor', '--json', '--redis', url]);
    expect(code).toBe(0);
    expect(json[0]?.server).toMatchObject({ save: null, appendOnly: true, maxmemoryPolicy: 'noeviction' });
  });
});
