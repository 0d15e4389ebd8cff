import { closeSync, existsSync, openSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { Stored } from '../../support/in-process.js';
import { carillon, done, linesOf } from './carillon.js';
import { allCommands } from './commands.js';
import { Spawned } from './spawned.js';

/** What each command is given to have something to say. Servers log, and are looked at elsewhere. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'jobs list': [],
  'jobs show': ['x'],
  'jobs add': ['a', '--every', '1h'],
  'jobs remove': ['x'],
  'jobs pause': ['x'],
  'jobs resume': ['x'],
  'jobs run': ['x'],
  'jobs export': [],
  'jobs import': [],
  events: ['--since', '1h'],
  next: ['@daily'],
  doctor: [],
};
const SERVERS = ['coordinator', 'worker', 'dev'];
/** What it says comes from a server; it writes it as all others do. */
const ASKS_A_SERVER = ['health'];

it('every command is looked at', () => {
  const all = allCommands().map(({ path }) => path.join(' '));
  expect([...Object.keys(COMMANDS), ...SERVERS, ...ASKS_A_SERVER].sort()).toEqual(all.sort());
});

it.each(Object.entries(COMMANDS))(
  '%s: an answer that cannot be written ends it with 1 and one line',
  async (command, args) => {
    const { prefix } = new Stored();
    await done(['jobs', 'add', 'a', '--id', 'x', '--every', '1h'], { prefix });
    const input = '{"id": "y", "task": "a"}';
    for (const options of [[], ['--help']]) {
      const ended = await carillon([...command.split(' '), ...args, ...options], {
        prefix,
        input,
        stdoutFails: 'ENOSPC',
      });
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      const lines = linesOf(ended.stderr).filter((line) => !line.includes('listening'));
      expect(lines).toEqual([expect.stringMatching(/^carillon: standard output cannot be written.*ENOSPC/)]);
    }
  },
);

it.each(Object.entries(COMMANDS))('%s: a reader that has gone is no failure', async (command, args) => {
  const { prefix } = new Stored();
  await done(['jobs', 'add', 'a', '--id', 'x', '--every', '1h', '--next-run-time', '2999-01-01T00:00:00Z'], { prefix });
  const input = '{"id": "y", "task": "a"}';
  const ended = await carillon([...command.split(' '), ...args], { prefix, input, stdoutFails: 'EPIPE' });
  expect(ended.stderr.replace('carillon: listening; Ctrl-C ends\n', '')).toBe('');
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
