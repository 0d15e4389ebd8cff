import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { Stored } from '../../support/in-process.js';
import { violations } from '../../support/json-schema.js';
import { type Command, done, file, linesOf, Running, TASKS } from './carillon.js';
import { Spawned } from './spawned.js';

const schema = JSON.parse(readFileSync(new URL('../../../docs/events.schema.json', import.meta.url), 'utf8'));

/** Starts a coordinator and a worker of a job store, here or as processes of their own. */
async function cluster(
  prefix: string,
  work: readonly string[] = [],
  Server: new (...args: ConstructorParameters<typeof Running>) => Command = Running,
): Promise<{ coordinator: Command; worker: Command }> {
  const tasks = await file('tasks.mjs', TASKS);
  const coordinator = new Server(['coordinator', '--lease', '10s'], { prefix });
  const worker = new Server(['worker', '--tasks', tasks, ...work], { prefix });
  await Promise.all([coordinator.says('"leading"'), worker.says('worker started')]);
  return { coordinator, worker };
}

const FULL_DISK = '/dev/full';

describe('carillon coordinator and worker', () => {
  it.runIf(existsSync(FULL_DISK))('work on, and end, where the disk that they log to is full', async () => {
    const { prefix } = new Stored();
    const output = openSync(FULL_DISK, 'w');
    onTestFinished(() => closeSync(output));
    const tasks = await file('tasks.mjs', TASKS);
    const servers = [['coordinator'], ['worker', '--tasks', tasks]].map(
      (args) => new Spawned(args, { prefix }, output),
    );
    const events = new Running(['events', '--type', 'job_executed', '--count', '1'], { prefix });
    await events.says('listening');
    await done(['jobs', 'add', 'greet', '--args', '["world"]'], { prefix });
    expect(await events.ended()).toMatchObject({ code: 0, stdout: expect.stringContaining('hello world') });
    for (const server of servers) server.signal('SIGTERM');
    expect(await Promise.all(servers.map(async (server) => (await server.ended()).code))).toEqual([0, 0]);
  });

  it('run what is added, and events report it', async () => {
    const { prefix } = new Stored();
    await cluster(prefix);
    const types = ['--type', 'job_executed,job_error', '--json', '--count', '2'];
    const events = new Running(['events', ...types, '--job', 'hello', '--job', 'broken'], { prefix });
    await events.says('listening');
    await done(['jobs', 'add', 'greet', '--id', 'other', '--args', '["nobody"]'], { prefix });
    await done(['jobs', 'add', 'greet', '--id', 'hello', '--args', '["world"]'], { prefix });
    await done(['jobs', 'add', 'fail', '--id', 'broken'], { prefix });
    const { code, json } = await events.ended();
    expect(code).toBe(0);
    expect(json.flatMap((event) => violations(schema, event))).toEqual([]);
    expect([...json].sort((a, b) => String(a.jobId).localeCompare(String(b.jobId)))).toMatchObject([
      { v: 1, type: 'job_error', jobId: 'broken', error: { name: 'Error', message: 'as planned' } },
      { v: 1, type: 'job_executed', jobId: 'hello', value: 'hello world', at: expect.any(Number) },
    ]);
  });

  it('run a job now that is paused', async () => {
    const { prefix } = new Stored();
    await cluster(prefix);
    await done(['jobs', 'add', 'greet', '--id', 'x', '--every', '1h', '--paused', '--args', '["you"]'], { prefix });
    const events = new Running(['events', '--type', 'job_executed', '--count', '1'], { prefix });
    await events.says('listening');
    const run = await done(['jobs', 'run', 'x', '--json'], { prefix });
    const { stdout } = await events.ended();
    expect(stdout).toMatch(/^\d{4}-\S+Z default job_executed +x .*value="hello you"\n$/);
    expect(stdout).toContain(String(run.json[0]?.runId));
  });

  // They are processes: the test checks that they end though something keeps them alive.
  it('SIGTERM lets a run finish, then ends with 0; a second one ends at once, with 143', async () => {
    const { prefix } = new Stored();
    const { coordinator, worker } = await cluster(prefix, [], Spawned);
    const events = new Running(['events', '--type', 'job_started,job_executed', '--json', '--count', '2'], { prefix });
    await events.says('listening');
    await done(['jobs', 'add', 'slow', '--id', 'x', '--args', '[500]'], { prefix });
    await events.says('job_started');
    worker.signal('SIGTERM');
    await worker.says('draining');
    expect((await worker.ended()).code).toBe(0);
    expect((await events.ended()).json[1]).toMatchObject({ type: 'job_executed', value: 'slept' });
    expect(worker.stdout).toContain('"handedBack":0');

    const another = new Spawned(['worker', '--tasks', await file('tasks.mjs', TASKS)], { prefix });
    const started = new Running(['events', '--type', 'job_started', '--json', '--count', '1'], { prefix });
    await Promise.all([started.says('listening'), another.says('worker started')]);
    await done(['jobs', 'add', 'slow', '--id', 'y', '--args', '[600000]'], { prefix });
    await started.ended();
    another.signal('SIGTERM');
    await another.says('draining');
    another.signal('SIGTERM');
    // The drain alone would take 20 s.
    expect((await another.ended(15_000)).code).toBe(143);
    coordinator.signal('SIGTERM');
    expect((await coordinator.ended()).code).toBe(0);
    expect(coordinator.stdout).toContain('coordinator shut down');
  });

  it('SIGINT does as SIGTERM does', async () => {
    const { prefix } = new Stored();
    for (const server of Object.values(await cluster(prefix))) {
      server.signal('SIGINT');
      expect((await server.ended()).code).toBe(0);
    }
  });

  it('a worker hands back what does not finish in time', async () => {
    const { prefix } = new Stored();
    const { worker } = await cluster(prefix, ['--shutdown-timeout', '200ms']);
    const events = new Running(['events', '--type', 'job_started', '--json', '--count', '1'], { prefix });
    await events.says('listening');
    await done(['jobs', 'add', 'slow', '--id', 'x', '--args', '[600000]'], { prefix });
    await events.ended();
    worker.signal('SIGTERM');
    expect((await worker.ended()).code).toBe(0);
    expect(worker.stdout).toContain('"handedBack":1');
  });

  it('log JSON lines on stdout, at the level asked for', async () => {
    const { prefix } = new Stored();
    const { coordinator } = await cluster(prefix);
    for (const line of linesOf(coordinator.stdout)) expect(JSON.parse(line)).toMatchObject({ name: 'carillon' });
    const events = new Running(['events', '--type', 'scheduler_started', '--count', '2'], { prefix });
    await events.says('listening');
    const quiet = new Running(['coordinator', '--log-level', 'error'], { prefix });
    const another = new Running(['coordinator', '--log-level', 'error'], { prefix });
    await events.ended();
    for (const server of [quiet, another]) server.signal('SIGTERM');
    expect(await another.ended()).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('keep trying while Redis is not reached, and end when asked to', async () => {
    const tasks = await file('tasks.mjs', TASKS);
    for (const args of [['coordinator'], ['worker', '--tasks', tasks]]) {
      const server = new Running([...args, '--redis', 'redis://127.0.0.1:1']);
      await server.says('Redis is not reached; trying again');
      server.signal('SIGTERM');
      expect((await server.ended()).code).toBe(0);
    }
  });

  it('serve the executors that they are given', async () => {
    const { prefix } = new Stored();
    const tasks = await file('tasks.mjs', TASKS);
    const env = { CARILLON_TASKS: tasks, CARILLON_EXECUTORS: 'default:20,mail', CARILLON_CONCURRENCY: '3' };
    const events = new Running(['events', '--type', 'worker_joined', '--json', '--count', '1'], { prefix });
    await events.says('listening');
    new Running(['worker'], { prefix, env });
    const { json } = await events.ended();
    expect(json[0]?.executors).toEqual([
      { alias: 'default', kind: 'async', concurrency: 20 },
      { alias: 'mail', kind: 'async', concurrency: 3 },
    ]);
    expect(json[0]?.tasks).toEqual(['greet', 'slow', 'fail']);
  });

  it('run tasks in threads and child processes, from the file that they are given', async () => {
    const { prefix } = new Stored();
    const where = `import { threadId } from 'node:worker_threads';
      export const tasks = { where: () => ({ pid: process.pid, isThread: threadId > 0 }) };`;
    const tasks = await file('places.mjs', where);
    const executors = 'default,heavy:1:thread,own:1:process';
    const coordinator = new Running(['coordinator', '--lease', '10s'], { prefix });
    const worker = new Spawned(['worker', '--tasks', tasks, '--executor', executors], { prefix });
    await Promise.all([coordinator.says('"leading"'), worker.says('worker started')]);
    const events = new Running(['events', '--type', 'job_executed', '--json', '--count', '3'], { prefix });
    await events.says('listening');
    for (const executor of ['default', 'heavy', 'own']) {
      await done(['jobs', 'add', 'where', '--id', executor, '--executor', executor], { prefix });
    }
    const { json } = await events.ended();
    const places = new Map(json.map(({ jobId, value }) => [jobId, value as { pid: number; isThread: boolean }]));
    const [here, heavy, own] = ['default', 'heavy', 'own'].map((id) => places.get(id));
    expect(here).toMatchObject({ isThread: false });
    expect(heavy).toEqual({ pid: here?.pid, isThread: true });
    expect(own).toMatchObject({ isThread: false });
    expect(own?.pid).not.toBe(here?.pid);
    worker.signal('SIGTERM');
    expect((await worker.ended()).code).toBe(0);
    await eventually(() => expect(isAlive(own?.pid ?? 0)).toBe(false));
  });

  it('load TypeScript where Node.js does, and say what to do where it does not', async () => {
    const source = 'export const tasks = { greet: async (name: string): Promise<string> => name };';
    const worker = new Spawned(['worker', '--tasks', await file('tasks.mts', source)], { prefix: new Stored().prefix });
    if ((process.features as { typescript?: unknown }).typescript) {
      await worker.says('worker started');
      return;
    }
    const { code, stderr } = await worker.ended();
    expect(code).toBe(2);
    expect(stderr).toMatch(/^carillon: [^\n]*TypeScript use 22\.18[^\n]*\n$/);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('carillon events', () => {
  it('ends with a signal, and with 0', async () => {
    const events = new Spawned(['events'], { prefix: new Stored().prefix });
    await events.says('listening');
    events.signal('SIGINT');
    expect(await events.ended()).toMatchObject({ code: 0, stdout: '' });
  });
});
