import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testCluster } from 'carillon/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { ModuleExecutor } from '../../support/module-executor.js';
import { Notes } from '../../support/task-runners.js';

/** Opens a server, which keeps the place alive, once there is a file `go`. Writes down what happens to it. */
const SERVER = `import { once } from 'node:events';
  import { existsSync, readFileSync } from 'node:fs';
  import { createServer } from 'node:net';
  import { threadId } from 'node:worker_threads';
  const soon = () => new Promise((resolve) => setTimeout(resolve, 10));
  let server;
  export async function setup() {
    note('setup');
    while (!existsSync(new URL('./go', import.meta.url))) await soon();
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  export async function teardown() {
    server.close();
    await once(server, 'close');
    note('teardown');
  }
  export const tasks = {
    /** Ends once as many as it names are at it. */
    use: async (count) => {
      if (!server.listening) throw new Error('the server is not open');
      note('begun');
      while (readFileSync(NOTES, 'utf8').split('begun').length <= count) await soon();
      note('ended');
      return process.pid + '/' + threadId;
    },
    die: () => process.exit(3),
  };`;

/** A file `mode`, or the argument of its task, decides what it does. */
const FAILING = `import { readFileSync } from 'node:fs';
  const mode = () => readFileSync(new URL('./mode', import.meta.url), 'utf8');
  let end = () => { throw new TypeError('it is gone'); };
  const hang = () => new Promise((resolve) => setTimeout(resolve, 1e6).unref());
  const busy = () => { for (;;); };
  const exit = () => process.exit(4);
  export const setup = async () => {
    note('setup');
    if (mode() === 'fail') throw new RangeError('the database is away');
    if (mode() === 'hang') await hang();
    if (mode() === 'busy') busy();
  };
  export const teardown = () => end();
  export const tasks = {
    ping: () => 'pong',
    /** Ends once as many as it names are at it, each in a place of its own, which will end that way. */
    prepare: async (way, count) => {
      end = { hang, busy, exit }[way];
      note('begun');
      while (readFileSync(NOTES, 'utf8').split('begun').length <= count) await new Promise((resolve) => setTimeout(resolve, 10));
    },
  };`;

const EXECUTED = { outcome: 'executed' };
const FAILED = { outcome: 'error', error: { name: 'TaskSetupError', code: 'TASK_SETUP' } };

describe.each(['async', 'thread', 'process'] as const)('what tasks need, run as %s', (kind) => {
  const isAsync = kind === 'async';

  it('is opened once in each place before its first task, and closed once after its last', async () => {
    const executor = new ModuleExecutor(kind, SERVER);
    const abort = new AbortController();
    const reported = executor.run('use', [1], abort.signal);
    await executor.notes.reach(1);
    abort.abort(new Error('the worker is shutting down'));
    writeFileSync(join(executor.folder, 'go'), '');
    expect(await reported).toEqual({ outcome: 'aborted' });
    // The place of the aborted run goes on. A place that dies takes with it what it had opened.
    if (!isAsync) expect(await executor.run('die')).toMatchObject({ error: { code: 'EXECUTOR_DIED' } });
    const both = await Promise.all([executor.run('use', [2]), executor.run('use', [2])]);
    const all = [...both, await executor.run('use', [3])];
    const places = new Set(all.map((outcome) => (outcome.outcome === 'executed' ? outcome.json : outcome)));
    expect(places.size).toBe(isAsync ? 1 : 2);
    await executor.close();
    const { lines } = executor.notes;
    const times = (text: string) => lines.filter((line) => line === text).length;
    expect([times('setup'), times('begun'), times('ended'), times('teardown')]).toEqual(
      isAsync ? [1, 3, 3, 1] : [3, 3, 3, 2],
    );
    expect(lines.slice(-places.size)).toEqual(Array(places.size).fill('teardown'));
    expect(executor.happenings).toEqual([]);
  });

  it('is opened again for the next run where that failed or hung; what fails and how is reported', async () => {
    const executor = new ModuleExecutor(kind, FAILING, { setupMs: 500 });
    const mode = (text: string) => writeFileSync(join(executor.folder, 'mode'), text);
    const failures = {
      fail: /^setup of .*tasks\.mjs failed: RangeError: the database is away \(.*tasks\.mjs.*\); the next run calls it again$/,
      hang: /^setup of .*tasks\.mjs has not finished after 0\.5 s: let it do less, or raise setupTimeout; the next run /,
      busy: /^setup of .*tasks\.mjs has not finished after 0\.5 s: it blocks the event loop, as an endless loop does; the next run /,
    };
    for (const [how, message] of Object.entries(failures)) {
      // Only the worker can end its own event loop.
      if (isAsync && how === 'busy') continue;
      mode(how);
      const outcome = await executor.run('ping');
      expect(outcome).toMatchObject(FAILED);
      expect(outcome).toHaveProperty('error.message', expect.stringMatching(message));
    }
    mode('succeed');
    expect(await executor.run('ping')).toMatchObject(EXECUTED);
    expect(await executor.run('ping')).toMatchObject(EXECUTED);
    expect(executor.notes.lines).toEqual(Array(isAsync ? 3 : 4).fill('setup'));
    await executor.close();
    const error = { message: expect.stringMatching(/^teardown of .*tasks\.mjs failed: TypeError: it is gone/) };
    expect(executor.happenings).toMatchObject([{ kind: 'teardown_failed', executor: isAsync ? null : 'x', error }]);
  });

  it('holds nothing up where closing it takes for ever: that is reported', async () => {
    const messages = {
      hang: /^teardown of .*tasks\.mjs has not finished after 0\.3 s: let it do less, or raise teardownTimeout$/,
      busy: /^its teardown has kept it busy for 0\.8 s: it is killed$/,
      exit: /./,
    };
    // Only the worker can end its own event loop.
    const ways = isAsync ? (['hang'] as const) : (['hang', 'busy', 'exit'] as const);
    const executor = new ModuleExecutor(kind, FAILING, { teardownMs: 300, concurrency: 3 });
    writeFileSync(join(executor.folder, 'mode'), 'succeed');
    const prepared = await Promise.all(ways.map((way) => executor.run('prepare', [way, ways.length])));
    expect(prepared).toMatchObject(ways.map(() => EXECUTED));
    await executor.close();
    expect(executor.happenings).toHaveLength(ways.length);
    for (const way of ways) {
      const error = { message: expect.stringMatching(messages[way]) };
      expect(executor.happenings).toContainEqual(
        expect.objectContaining({ kind: 'teardown_failed', error: expect.objectContaining(error) }),
      );
    }
  });
});

it('a child process that is asked to end while it runs nothing closes what its tasks need first', async () => {
  const executor = new ModuleExecutor('process', SERVER, { concurrency: 1 });
  writeFileSync(join(executor.folder, 'go'), '');
  const place = await executor.run('use', [0]);
  process.kill(Number.parseInt(JSON.parse((place as { readonly json: string }).json), 10), 'SIGTERM');
  await eventually(() => expect(executor.happenings).toMatchObject([{ kind: 'executor_died' }]));
  expect(executor.notes.lines).toEqual(['setup', 'begun', 'ended', 'teardown']);
});

it('in memory, what a thread opened is closed in its own time, though no virtual time passes; where no task ran, nothing is', async () => {
  const notes = new Notes();
  const folder = mkdtempSync(join(tmpdir(), 'carillon-tasks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const taskFile = join(folder, 'tasks.mjs');
  writeFileSync(
    taskFile,
    `import { appendFileSync } from 'node:fs';
    const later = (text) => new Promise((resolve) => setTimeout(resolve, 200)).then(() => note(text));
    const note = (text) => appendFileSync(${JSON.stringify(notes.file)}, text + '\\n');
    export const setup = () => later('setup');
    export const teardown = () => later('teardown');
    export const tasks = { use: () => note('task') };`,
  );
  const here = () => appendFileSync(notes.file, 'here\n');
  const common = { tasks: { use: () => {} }, setup: here, teardown: here, taskFile };
  const cluster = await testCluster({ ...common, executors: { default: { kind: 'thread' } }, patience: '60s' });
  const run = await cluster.scheduler.enqueue('use');
  await cluster.clock.advanceUntil(run.result());
  await cluster.shutdown();
  expect(notes.lines).toEqual(['setup', 'task', 'teardown']);
});
