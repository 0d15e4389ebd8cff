import { describe, expect, it } from 'vitest';
import { Stored } from '../../support/in-process.js';
import { carillon, done, file } from './carillon.js';
import { Spawned } from './spawned.js';

const ADD = ['jobs', 'add', 'task'];

/** The arguments, the exit code, and a pattern for the one line. */
const CASES: readonly (readonly [readonly string[], number, RegExp])[] = [
  [['nonsense'], 2, /unknown command 'nonsense'/],
  [['jobs', 'lst'], 2, /unknown command 'lst'.*list/],
  [['--nonsense'], 2, /unknown option '--nonsense'/],
  [['coordinator', 'stray'], 2, /too many arguments/],
  [['coordinator', '--lease', 'soon'], 2, /'soon' is invalid.*not a duration/],
  [['coordinator', '--lease', '1ms'], 2, /lease: 1ms is too short/],
  [['coordinator', '--job-store', 'a:b'], 2, /"a:b" is not/],
  [['coordinator', '--redis', 'http://localhost'], 2, /not a Redis URL/],
  [['coordinator', '--redis', '{nonsense'], 2, /--redis: not JSON/],
  [['coordinator', '--log-level', 'loud'], 2, /Allowed choices are/],
  [['coordinator', '--prefix', 'a{b'], 2, /prefix/],
  [['worker'], 2, /'--tasks <module>' not specified/],
  [['worker', '--tasks', './no-such-file.js'], 2, /there is no file .*no-such-file\.js/],
  [['worker', '--tasks', './package.json', '--executor', 'a:0'], 2, /"a:0" is not an alias/],
  [['worker', '--tasks', './package.json', '--executor', 'a,,b'], 2, /empty name/],
  [['worker', '--tasks', './package.json', '--concurrency', '0'], 2, /whole number/],
  [['dev', '--tasks', './no-such-file.js'], 2, /there is no file/],
  [['dev', '--tasks', './package.json', '--port', '70000'], 2, /not a port/],
  [['jobs', 'list', '--limit', 'many'], 2, /'many' is invalid.*whole number/],
  [['jobs', 'list', '--job-store', 'a,b'], 2, /one job store/],
  [['jobs', 'list', '--job-store', ','], 2, /empty name/],
  [['jobs', 'show'], 2, /missing required argument 'id'/],
  [['jobs', 'show', 'nobody'], 3, /job "nobody" is not in job store "default"/],
  [['jobs', 'show', 'no\nbody'], 2, /control character/],
  [['jobs', 'show', ''], 2, /has 0 characters/],
  [['jobs', 'remove', 'nobody'], 3, /job "nobody"/],
  [['jobs', 'pause', 'nobody'], 3, /job "nobody"/],
  [['jobs', 'pause'], 2, /give a job's id, or options that choose jobs, such as --tag, or --all/],
  [['jobs', 'pause', 'x', '--all'], 2, /give a job's id, or options that choose jobs, such as --tag, or --all/],
  [['jobs', 'resume', 'nobody'], 3, /job "nobody"/],
  [['jobs', 'run', 'nobody'], 3, /job "nobody"/],
  [['jobs', 'add'], 2, /missing required argument 'task'/],
  [['jobs', 'add', 'no spaces please'], 2, /is not a task name/],
  [['job-stores', 'add', 'ann'], 2, /too many arguments for 'add'\. Expected 0 arguments but got 1\.\s*$/],
  [[...ADD, 'ann'], 2, /too many arguments for 'add'.* Give the task's arguments as a JSON array: --args/],
  [['enqueue', 'task', '"ann"', '2'], 2, /too many arguments for 'enqueue'.* as a JSON array: --args/],
  [[...ADD, '--args', '{}'], 2, /not a JSON array/],
  [[...ADD, '--args', '[1'], 2, /not JSON/],
  [[...ADD, '--kwargs', '[]'], 2, /not a JSON object/],
  [[...ADD, '--cron', '61 * * * *'], 2, /cron: minute/],
  [[...ADD, '--cron', '* * * * *', '--timezone', 'Europe/Atlantis'], 2, /Europe\/Atlantis/],
  [[...ADD, '--cron', '* * * * *', '--timezone', 'PST'], 2, /"PST" is an abbreviation/],
  [[...ADD, '--fields', 'hour=9', '--timezone', 'IST'], 2, /"IST" is an abbreviation/],
  [['next', '@daily', '--timezone', 'EAT'], 2, /"EAT" is an abbreviation/],
  [['next', '--every', '5m', '--timezone', 'PST'], 2, /"PST" is an abbreviation/],
  [[...ADD, '--cron', '* * * * *', '--every', '5m'], 2, /cannot be used with/],
  [[...ADD, '--every', '5 minutes'], 2, /not a duration/],
  [[...ADD, '--every', '0s'], 2, /less than 1 ms/],
  [[...ADD, '--every', '5m', '--timezone', 'UTC'], 2, /--timezone needs --cron or --fields/],
  [[...ADD, '--at', 'tomorrow'], 2, /not an instant/],
  [[...ADD, '--at', '2027-02-30T00:00'], 2, /not an instant/],
  [[...ADD, '--at', '2027-01-01T00:00:00Z', '--jitter', '5s'], 2, /--jitter needs/],
  [[...ADD, '--trigger', '{"type": "moon"}'], 2, /"moon" is not/],
  [[...ADD, '--cron', '0 0 1 1 *', '--end-at', '2001-01-01T00:00:00Z'], 2, /never run/],
  [[...ADD, '--executor', 'a:b'], 2, /executor/],
  [[...ADD, '--max-instances', '-1'], 2, /whole number/],
  [[...ADD, '--misfire-grace-time', '-5s'], 2, /not a duration/],
  [[...ADD, '--paused', '--next-run-time', '2027-01-01T00:00:00Z'], 2, /cannot be used with/],
  [[...ADD, '--id', 'x'.repeat(256)], 2, /256 characters/],
  [['jobs', 'import', './no-such-file.jsonl'], 2, /no-such-file\.jsonl/],
  [[...ADD, '--require-task'], 5, /no living worker/],
  [['enqueue', 'task', '--require-task'], 5, /no living worker/],
  [['events', '--type', 'job_exploded'], 2, /no such event: job_exploded/],
  [['events', '--count', '0'], 2, /whole number/],
  [[...ADD, '--fields', 'hour=25'], 2, /hour "25"/],
  [[...ADD, '--fields', 'hours=9'], 2, /unknown field "hours"/],
  [[...ADD, '--fields', 'last fri'], 2, /"last fri" is not a field/],
  [[...ADD, '--fields', 'hour=1 hour=2'], 2, /hour is given twice/],
  [[...ADD, '--fields', ''], 2, /"" is not a field/],
  [[...ADD, '--fields', 'hour=9', '--timezone', 'Europe/Atlantis'], 2, /Europe\/Atlantis/],
  [[...ADD, '--fields', 'hour=9', '--cron', '@daily'], 2, /cannot be used with/],
  [['next'], 2, /give a cron expression, --cron/],
  [['next', 'nightly'], 2, /"nightly" is not a crontab string; for a stored job, give --job/],
  [['next', '@daily', '--every', '5m'], 2, /not both/],
  [['next', '@daily', '--job', 'x'], 2, /not both/],
  [['next', '--cron', '@daily', '--job', 'x'], 2, /cannot be used with/],
  [['next', '--job', 'nobody'], 3, /job "nobody"/],
  [['next', '--every', '30'], 2, /unit is missing: 30ms, 30s/],
  [['next', '--trigger', '{"type": "moon"}'], 2, /"moon" is not/],
  [['next', '--every', '5m', '--timezone', 'Mars'], 2, /Mars/],
  [['next', '@daily', '--count', '10001'], 2, /more than 10000/],
  [['next', '* * *'], 2, /cron:/],
  [['next', '0 25 * * *'], 2, /hour/],
  [['next', '* * * * *', '--timezone', 'Mars'], 2, /"Mars" is not/],
  [['next', '* * * * *', '--count', 'ten'], 2, /whole number/],
  [['next', '* * * * *', '--after', 'now'], 2, /not an instant/],
  [['doctor', '--job-store', 'a b'], 2, /"a b" is not/],
  [['doctor', 'stray'], 2, /too many arguments/],
  [['alerts'], 2, /'--config <file>' not specified/],
  [['alerts', '--config', './no-such-file.yaml'], 2, /no-such-file\.yaml/],
  [['alerts', 'silence'], 2, /'--until <when>' not specified/],
  [['alerts', 'silence', '--until', 'soon'], 2, /not an instant/],
  [['alerts', 'silence', '--until', '5'], 2, /unit is missing: 5ms, 5s/],
  [['alerts', 'silence', '--until', '2001-01-01T00:00:00Z'], 2, /until 2001-01-01T00:00:00.000Z is past/],
  [['alerts', 'silence', '--until', '1h', '--job', ''], 2, /job is neither a pattern/],
  [['alerts', 'unsilence', 'nothing'], 3, /there is no silence "nothing"/],
];

describe('bad input', () => {
  it.each(CASES)('%j ends with %i and one line, and changes nothing', async (args, code, says) => {
    const stored = new Stored();
    const ended = await carillon(args, { env: { CARILLON_PREFIX: stored.prefix } });
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr).toMatch(/^carillon: [^\n]+\n$/);
    expect(await stored.keys()).toEqual([]);
  });

  it.each(['jobs list', 'jobs add task', 'jobs export', 'doctor', 'events'])(
    '%s: a Redis that is not reached ends with 4 and one line',
    async (command) => {
      const ended = await carillon([...command.split(' '), '--redis', 'redis://user:secret@127.0.0.1:1']);
      expect(ended).toMatchObject({ code: 4, stdout: '' });
      expect(ended.stderr).toMatch(/^carillon: Redis at redis:\/\/127\.0\.0\.1:1 did not answer [^\n]+\n$/);
    },
  );

  it.each([
    ['nothing', '', /exports no tasks/],
    ['what is not a function', 'export const tasks = { a: 1 };', /task "a" is not a function/],
    ['a name that is not valid', "export const tasks = { 'a b': () => {} };", /"a b" is not a task name/],
    ['what throws', "throw new Error('no config')", /cannot be loaded: Error: no config/],
    ['an import that fails', "import './nowhere.js'", /cannot be loaded: .*nowhere\.js/],
  ])('a module of tasks with %s is refused', async (_, source, says) => {
    const ended = await carillon(['worker', '--tasks', await file('tasks.mjs', source)]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr).toMatch(/^carillon: [^\n]+\n$/);
  });

  it('a module of tasks with a mistake is refused', async () => {
    const tasks = await file('tasks.mjs', 'export const tasks = {');
    const ended = await new Spawned(['worker', '--tasks', tasks]).ended();
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^carillon: [^\n]*cannot be loaded: SyntaxError[^\n]+\n$/);
  });

  it('what helps is not a failure', async () => {
    for (const args of [['--help'], ['help', 'jobs'], ['jobs', 'add', '--help'], ['--version']]) {
      const { stdout, stderr } = await done(args);
      expect(stdout).not.toBe('');
      expect(stderr).toBe('');
    }
  });
});
