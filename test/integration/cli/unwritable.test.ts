import { closeSync, existsSync, openSync } from 'node:fs';
import { Carillon } from 'carillon';
import { expect, it, onTestFinished } from 'vitest';
import { Stored, silent } from '../../support/in-process.js';
import { redisUrl } from '../../support/redis.js';
import { carillon, done, linesOf } from './carillon.js';
import { allCommands } from './commands.js';
import { Spawned } from './spawned.js';

const RUN = 'the run';

/** The arguments with which each command writes something. Servers log, and are tested elsewhere. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  explain: ['x', '2026-01-01T00:00:00Z'],
  audit: [],
  'alerts list': [],
  'alerts silence': ['--until', '1h'],
  'alerts silences': [],
  'alerts unsilence': ['s'],
  'jobs list': [],
  'jobs show': ['x'],
  'jobs add': ['a', '--every', '1h'],
  'jobs modify': ['x', '--priority', '1'],
  'jobs reschedule': ['x', '--every', '2h'],
  'jobs remove': ['x'],
  'jobs pause': ['x'],
  'jobs resume': ['x'],
  'jobs run': ['x'],
  'jobs export': [],
  'import crontab': ['test/support/crontab.txt'],
  'jobs import': [],
  enqueue: ['a'],
  'runs list': ['x'],
  'runs show': [RUN],
  'runs wait': [RUN],
  'runs cancel': [RUN],
  'runs retry': ['--failed', '--since', '1h', '--yes'],
  'quarantine list': [],
  'quarantine show': ['q'],
  'quarantine restore': ['q'],
  'quarantine remove': ['q'],
  workers: [],
  'job-stores list': [],
  'job-stores add': [],
  'job-stores forget': [],
  events: ['--since', '1h'],
  next: ['@daily'],
  doctor: [],
  forecast: [],
  'console token': ['--actor', 'ann', '--role', 'admin'],
};
const SERVERS = ['coordinator', 'worker', 'dev', 'console', 'alerts run'];
/** Their output comes from a server or a BullMQ queue. They write it as all others do. */
const ASKS_A_SERVER = ['health', 'import bullmq'];
/** Notes that commands write to standard error though all is well. */
const NOTES = /^carillon: (listening; Ctrl-C ends|there is nothing to run again|the token of ann, .*)$/;

/** Enqueues a run for a command that takes one, and executes it for `runs wait`. Returns the arguments with its id. */
async function withRun(prefix: string, command: string, args: readonly string[]): Promise<readonly string[]> {
  if (!args.includes(RUN)) return args;
  const { json } = await done(['enqueue', 'a', '--json'], { prefix });
  const runId = String(json[0]?.runId);
  if (command === 'runs wait') await settle(prefix, runId);
  return args.map((arg) => (arg === RUN ? runId : arg));
}

/** Lets a run end well. */
async function settle(prefix: string, runId: string): Promise<void> {
  const carillon = new Carillon({ redis: redisUrl(), prefix, logger: silent, tasks: { a: () => 'done' } });
  await carillon.start();
  await carillon.getResult(runId);
  await carillon.shutdown();
}

it('every command is looked at', async () => {
  const all = (await allCommands()).map(({ path }) => path.join(' '));
  expect([...Object.keys(COMMANDS), ...SERVERS, ...ASKS_A_SERVER].sort()).toEqual(all.sort());
});

/** Stores a job that can be restored, and a silence. */
async function quarantine({ backend }: Stored): Promise<void> {
  const silence = { until: Date.now() + 3_600_000, json: '{}' };
  await backend.jobStore('default').alerts.silence({ id: 's', silence });
  const { jobs, quarantine } = backend.keys('default');
  const raw = await backend.client.hget(jobs, 'x');
  await backend.client.hset(quarantine, 'q', JSON.stringify({ why: 'a test', at: 1, raw, dueAt: '32503680000000' }));
}

it.each(Object.entries(COMMANDS))(
  '%s: an answer that cannot be written ends it with 1 and one line',
  async (command, args) => {
    const stored = new Stored();
    const { prefix } = stored;
    await done(['jobs', 'add', 'a', '--id', 'x', '--every', '1h'], { prefix });
    const input = '{"id": "y", "task": "a"}';
    await quarantine(stored);
    const given = await withRun(prefix, command, args);
    for (const options of [[], ['--help']]) {
      const ended = await carillon([...command.split(' '), ...given, ...options], {
        prefix,
        input,
        stdoutFails: 'ENOSPC',
      });
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      const lines = linesOf(ended.stderr).filter((line) => !NOTES.test(line));
      expect(lines).toEqual([expect.stringMatching(/^carillon: standard output cannot be written.*ENOSPC/)]);
    }
  },
);

it.each(Object.entries(COMMANDS))('%s: a reader that has gone is not a failure', async (command, args) => {
  const stored = new Stored();
  const { prefix } = stored;
  await done(['jobs', 'add', 'a', '--id', 'x', '--every', '1h', '--next-run-time', '2999-01-01T00:00:00Z'], { prefix });
  const input = '{"id": "y", "task": "a"}';
  await quarantine(stored);
  const given = await withRun(prefix, command, args);
  const ended = await carillon([...command.split(' '), ...given], { prefix, input, stdoutFails: 'EPIPE' });
  expect(linesOf(ended.stderr).filter((line) => !NOTES.test(line))).toEqual([]);
  expect(ended.code).toBe(command === 'doctor' ? 1 : 0);
});

const FULL_DISK = '/dev/full';

it.runIf(existsSync(FULL_DISK))('a full disk behind a process: 1, and one line', async () => {
  const output = openSync(FULL_DISK, 'w');
  onTestFinished(() => closeSync(output));
  const ended = await new Spawned(['next', '@daily'], {}, output).ended();
  expect(ended).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^carillon: standard output [^\n]*ENOSPC[^\n]*\n$/),
  });
});
