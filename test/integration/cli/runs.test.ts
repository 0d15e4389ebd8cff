import { describe, expect, it } from 'vitest';
import { newScheduler, Stored, together } from '../../support/in-process.js';
import { carillon, done, file, Running, TASKS } from './carillon.js';

/** Starts a coordinator and a worker with the tasks. */
async function served(prefix: string, more: readonly string[] = []): Promise<void> {
  const tasks = await file('tasks.mjs', TASKS);
  const coordinator = new Running(['coordinator'], { prefix });
  const worker = new Running(['worker', '--tasks', tasks, '--shutdown-timeout', '1ms', ...more], { prefix });
  await Promise.all([coordinator.says('"leading"'), worker.says('worker started')]);
}

describe('carillon enqueue and runs', () => {
  it('enqueue runs a task, and reports its result where that is waited for', async () => {
    const { prefix } = new Stored();
    await served(prefix);
    const result = await done(['enqueue', 'greet', '--args', '["you"]', '--wait'], { prefix });
    expect(result.json).toEqual(['hello you']);
    expect(result.stderr).toMatch(/^carillon: job store "default": run \S+\n$/);
    const { json } = await done(['enqueue', 'greet', '--args', '["me"]', '--wait', '--json'], { prefix });
    expect(json).toEqual([
      { runId: expect.any(String), jobId: null, jobStore: 'default', isDuplicate: false, value: 'hello me' },
    ]);
    const runId = String(json[0]?.runId);
    expect((await done(['runs', 'show', runId, '--json'], { prefix })).json).toMatchObject([
      { runId, task: 'greet', state: 'executed', executions: [{ outcome: 'executed', value: 'hello me' }] },
    ]);
    const people = await done(['runs', 'show', runId], { prefix });
    expect(people.stdout).toMatch(/^state +executed$[\s\S]*^executed +"hello me"$/m);
    expect((await done(['runs', 'wait', runId], { prefix })).json).toEqual(['hello me']);
  });

  it('a run that fails ends what waits for it with 1', async () => {
    const { prefix } = new Stored();
    await served(prefix);
    const failed = await carillon(['enqueue', 'fail', '--wait', '--json'], { prefix });
    expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/as planned/) });
    const late = await carillon(['enqueue', 'slow', '--args', '[600000]', '--wait', '--wait-timeout', '1ms'], {
      prefix,
    });
    expect(late).toMatchObject({ code: 1, stdout: '' });
    const [, runId = ''] = /run (\S+)/.exec(late.stderr) ?? [];
    await done(['runs', 'cancel', runId], { prefix });
    const cancelled = await carillon(['runs', 'wait', runId], { prefix });
    expect(cancelled).toMatchObject({ code: 1, stderr: expect.stringMatching(/cancel/) });
  });

  it('jobs run waits, and runs list reports the runs of a job, newest first', async () => {
    const { prefix } = new Stored();
    await served(prefix);
    await done(['jobs', 'add', 'greet', '--id', 'x', '--every', '1h', '--args', '["you"]'], { prefix });
    for (const _ of [1, 2])
      expect((await done(['jobs', 'run', 'x', '--wait'], { prefix })).json).toEqual(['hello you']);
    const { json } = await done(['runs', 'list', 'x', '--json'], { prefix });
    expect(json).toMatchObject([{ jobId: 'x', state: 'executed' }, { state: 'executed' }]);
    const people = await done(['runs', 'list', 'x', '--limit', '1'], { prefix });
    expect(people.stdout).toMatch(
      /^RUN +STATE +SCHEDULED FOR +ENDED +OUTCOME\n\S+ +executed +\S+Z +\S+Z +"hello you"\n$/,
    );
  });

  it('runs cancel ends what no worker has', async () => {
    const { prefix } = new Stored();
    const { json } = await done(['enqueue', 'greet', '--json'], { prefix });
    const runId = String(json[0]?.runId);
    expect((await done(['runs', 'show', runId], { prefix })).stdout).toMatch(/^state +queued$/m);
    expect((await done(['runs', 'cancel', runId], { prefix })).stdout).toBe(`run ${runId}: cancelled\n`);
    expect((await done(['runs', 'show', runId], { prefix })).stdout).toMatch(/^state +cancelled$/m);
    expect((await carillon(['runs', 'cancel', 'nothing'], { prefix })).code).toBe(3);
    // Each run is cancelled by itself: an unknown one does not stop the others from being cancelled.
    const { json: more } = await done(['enqueue', 'greet', '--json'], { prefix });
    const another = String(more[0]?.runId);
    const several = await carillon(['runs', 'cancel', 'nothing', runId, another, another, 'none'], { prefix });
    expect(several.code).toBe(3);
    expect(several.stdout.split('\n').filter((line) => line.includes(another))).toEqual([`run ${another}: cancelled`]);
    for (const id of ['nothing', 'none']) expect(several.stderr).toContain(id);
  });

  it('enqueue takes whatever the policy of a run is', async () => {
    const stored = new Stored();
    const { prefix } = stored;
    const args = ['--executor', 'mail', '--priority', '3', '--timeout', '30s', '--retry', '4', '--history-age', '2d'];
    const { json } = await done(['enqueue', 'greet', '--kwargs', '{"a": 1}', ...args, '--json'], { prefix });
    const { runs, bodies } = stored.backend.keys('default');
    const partIn = (key: string) => stored.backend.client.hget(key, String(json[0]?.runId));
    expect(await partIn(runs)).toMatch(/ mail 3 172800000 /);
    const body = /^1 [\da-f]{40} (.*)$/.exec((await partIn(bodies)) ?? '')?.[1] ?? '';
    expect(JSON.parse(body)).toMatchObject({
      args: [{ a: 1 }],
      timeoutMs: 30_000,
      retry: { attempts: 4 },
    });
    expect(await stored.backend.knownJobStores()).toEqual(['default']);
  });
});

describe('carillon enqueue, later and once', () => {
  it('enters a run for later, with --delay or --at', async () => {
    const { prefix } = new Stored();
    for (const when of [
      ['--delay', '1h'],
      ['--at', '2999-01-01T00:00:00Z'],
    ]) {
      const { json } = await done(['enqueue', 'greet', ...when, '--misfire-grace-time', '5m', '--json'], { prefix });
      const shown = (await done(['runs', 'show', String(json[0]?.runId), '--json'], { prefix })).json[0];
      const [at = ''] = (shown?.scheduledRunTimes ?? []) as string[];
      expect(Date.parse(at)).toBeGreaterThan(Date.now() + 3_000_000);
    }
  });

  it('enters a run once under a key', async () => {
    const { prefix } = new Stored();
    const enqueue = async (key: string) => {
      const args = ['enqueue', 'greet', '--dedupe-key', key, '--dedupe-for', '1h', '--json'];
      return (await done(args, { prefix })).json[0]?.runId;
    };
    const first = await enqueue('ann');
    expect(await enqueue('ann')).toBe(first);
    expect(await enqueue('bob')).not.toBe(first);
  });

  it.each([
    [['--delay', '1h', '--at', '2999-01-01T00:00:00Z'], /cannot be used with/],
    [['--dedupe-key', 'a'], /go together/],
    [['--dedupe-for', '1h'], /go together/],
    [['--no-history', '--wait'], /--wait and --no-history exclude each other/],
    [['--no-history', '--history-age', '1d'], /--history-age and --no-history exclude each other/],
    [['--delay', '30'], /unit is missing/],
    [['--at', 'soon'], /not an instant/],
  ])('%j ends with 2', async (args, says) => {
    const stored = new Stored();
    const ended = await carillon(['enqueue', 'greet', ...args], { prefix: stored.prefix });
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) });
    expect(await stored.keys()).toEqual([]);
  });
});

describe('carillon workers and job-stores', () => {
  it('workers reports who serves what', async () => {
    const { prefix } = new Stored();
    await served(prefix, ['--executor', 'default:3,mail']);
    const { json } = await done(['workers', '--json'], { prefix });
    expect(json).toMatchObject([{ workerId: expect.any(String), tasks: ['greet', 'slow', 'fail'], leaseMs: 5_000 }]);
    const people = await done(['workers'], { prefix });
    expect(people.stdout).toMatch(
      /^WORKER +HEARD OF +EXECUTORS +TASKS +UNSERVED\n\S+ +\d+\.\d s ago +default:3,mail:10 +greet,slow,fail +-\n$/,
    );
  });

  it('job-stores reports which are known, and forgets one', async () => {
    const { prefix } = new Stored();
    for (const store of ['one', 'two']) await done(['job-stores', 'add', '--job-store', store], { prefix });
    expect((await done(['job-stores', 'list'], { prefix })).stdout).toBe('one\ntwo\n');
    await done(['job-stores', 'forget', '--job-store', 'one'], { prefix });
    expect((await done(['job-stores', 'list'], { prefix })).stdout).toBe('two\n');
  });
});

it('carillon runs lists the runs of all jobs, by state, task and time', async () => {
  const { prefix } = new Stored();
  const scheduler = newScheduler(prefix);
  const { runId } = await scheduler.enqueue('a');
  const other = await scheduler.enqueue('b', [], { executor: 'reports' });
  await other.cancel();
  const ids = async (...args: string[]) =>
    (await done(['runs', ...args, '--json'], { prefix })).json.map((run) => run.runId);
  expect(await ids()).toEqual([runId, other.runId]);
  expect(await ids('--state', 'cancelled', '--since', '10m')).toEqual([other.runId]);
  expect(await ids('list', '--task', 'a', '--limit', '1')).toEqual([runId]);
  expect(await ids('--failed')).toEqual([]);
  expect(await ids('--executor', 'reports')).toEqual([other.runId]);
  expect(await ids('--executor', 'default', '--outcome', 'cancelled')).toEqual([]);
  expect(await ids('--outcome', 'missed,cancelled')).toEqual([other.runId]);
  for (const [args, why] of [
    [['list', 'x', '--failed'], /exclude the id of a job/],
    [['list', 'x', '--executor', 'y'], /exclude the id of a job/],
    [['--outcome', 'queued'], /outcome .*"queued".* is not known/],
    [['--state', 'queued', '--outcome', 'error'], /cannot be used with option '--state/],
    [['--state', 'lost'], /state .*"lost".* is not known/],
    [['--since', '1-0'], /neither an instant .* nor a duration/],
  ] as const) {
    expect(await carillon(['runs', ...args], { prefix })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(why),
    });
  }
});

it('carillon runs retry shows what failed, and runs it again where that is confirmed', async () => {
  const { stored } = await together({
    fails: async () => {
      throw new Error('no');
    },
  });
  const { prefix } = stored;
  const scheduler = newScheduler(prefix);
  const failed: string[] = [];
  for (const n of [1, 2]) {
    const run = await scheduler.enqueue('fails', [n]);
    await expect(run.result()).rejects.toThrow('no');
    failed.unshift(run.runId);
  }
  const retry = (...args: string[]) => carillon(['runs', 'retry', ...args], { prefix });
  const [newer = '', older = ''] = failed;
  expect(await retry('--failed', '--since', '1h')).toMatchObject({
    code: 5,
    stdout: expect.stringMatching(new RegExp(`${newer} +error.*\n${older} +error`)),
    stderr: expect.stringMatching(/nothing was run again: these are 2 runs; .* --expect 2, or --yes/),
  });
  expect(await retry('--failed', '--expect', '3')).toMatchObject({
    code: 5,
    stdout: '',
    stderr: expect.stringMatching(/2 runs that can be run again, and 3 were expected/),
  });
  const one = await done(['runs', 'retry', older, '--yes', '--json', '--reason', 'mended'], { prefix });
  expect(one.json).toMatchObject([{ retryOf: older, jobId: null }]);
  const again = String(one.json[0]?.runId);
  await expect(scheduler.getResult(again)).rejects.toThrow('no');
  expect((await done(['runs', 'show', again], { prefix })).stdout).toMatch(new RegExp(`^in place of +${older}$`, 'm'));
  expect((await done(['runs', 'retry', '--failed', '--task', 'fails', '--expect', '2'], { prefix })).stdout).toMatch(
    new RegExp(`^run ${newer} is run again as \\S+\nrun ${again} is run again as \\S+\n$`),
  );
  expect(await retry(older, '--yes')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/nothing to run again/),
  });
  for (const args of [
    [],
    ['--failed', older],
    ['--yes'],
    ['--failed', '--yes', '--expect', '1'],
    ['--failed', '--expect', 'all'],
  ])
    expect(await retry(...args), args.join(' ')).toMatchObject({ code: 2, stdout: '' });
});
