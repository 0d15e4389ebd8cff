import { expect, it } from 'vitest';
// @ts-expect-error: examples have no types.
import { tasks } from '../../../examples/moving-in/tasks.js';
import { Stored, together } from '../../support/in-process.js';
import { carillon, done, file } from './carillon.js';

const FILE = 'test/support/crontab.txt';
const command = (...options: string[]) => ['import', 'crontab', FILE, '--timezone', 'Europe/Berlin', ...options];

it('prints what it would add, and writes nothing', async () => {
  const stored = new Stored();
  const { stdout } = await done(command(), { prefix: stored.prefix });
  expect(stdout).toMatch(/^ACTION +JOB +TASK +TRIGGER +NEXT RUN +FROM\n/);
  expect(stdout).toMatch(
    /\nadd +crontab\.txt:usr-local-bin-clean-all:\w{8} +shell +cron\[@daily, Europe\/Berlin\] +\d{4}\S+Z +test\/support\/crontab\.txt:4\n/,
  );
  expect(stdout).toContain('crontab.txt:4: lost: MAILTO=ops@example.org: no mail is sent; see carillon alerts\n');
  expect(stdout).toMatch(/\n3 to add, 0 unchanged: nothing was written; give --apply\n$/);
  expect(await stored.keys()).toEqual([]);
});

it('adds what it printed; a second time it changes nothing', async () => {
  const { prefix } = new Stored();
  const planned = await done(command('--json'), { prefix });
  const applied = await done(command('--json', '--apply', '--tag', 'from-cron'), { prefix });
  expect(applied.json.at(-1)).toMatchObject({ applied: true, added: 3 });
  const { json: jobs } = await done(['jobs', 'list', '--json', '--tag', 'from-cron'], { prefix });
  const ids = planned.json.slice(0, -1).map(({ job }) => (job as { id: string }).id);
  expect(jobs.map(({ id }) => id).sort()).toEqual(ids.sort());
  const again = await done(command('--apply', '--tag', 'from-cron'), { prefix });
  expect(again.stdout).toMatch(/\n0 added, 3 unchanged\n$/);
});

it('refuses the whole where a job of the same id is different; --replace changes it', async () => {
  const { prefix } = new Stored();
  const named = (schedule: string) => `${schedule} echo one\n`;
  const run = (schedule: string, ...options: string[]) =>
    carillon(['import', 'crontab', '-', '--timezone', 'UTC', '--apply', ...options], {
      prefix,
      input: `${named(schedule)}0 0 * * * echo ${schedule.length > 9 ? 'new' : 'old'}\n`,
    });
  expect(await run('0 1 * * *')).toMatchObject({ code: 0 });
  const refused = await run('0 2,4 * * *');
  expect(refused).toMatchObject({ code: 5 });
  expect(refused.stdout).toContain('stdin:1: conflict: the job of this id has another trigger\n');
  expect(refused.stderr).toMatch(/^carillon: nothing was added: 1 is in conflict [^\n]+--replace[^\n]+\n$/);
  expect((await done(['jobs', 'list', '--json'], { prefix })).json).toHaveLength(2);
  const replaced = await run('0 2,4 * * *', '--replace');
  expect(replaced.stdout).toMatch(/\n1 added, 1 replaced, 0 unchanged\n$/);
});

it('names all lines that cannot be read, and refuses what cannot be carried over unless it is to be skipped', async () => {
  const stored = new Stored();
  const { prefix } = stored;
  const path = await file('mine', '@reboot start\n0 0 31 2 * never\n@hourly tick\n');
  const options = ['import', 'crontab', path, '--timezone', 'UTC', '--apply'];
  const refused = await carillon(options, { prefix });
  expect(refused).toMatchObject({ code: 5 });
  expect(refused.stdout).toMatch(/mine:1: cannot: @reboot: it names no time/);
  expect(refused.stdout).toMatch(/mine:2: cannot: .*never/);
  expect(refused.stderr).toContain('nothing was added: 2 cannot be carried over: give --skip');
  expect(await stored.keys()).toEqual([]);
  expect((await done([...options, '--skip', '--paused'], { prefix })).stdout).toMatch(
    /\n1 added, 0 unchanged, 2 skipped\n$/,
  );
  expect((await done(['jobs', 'list', '--json'], { prefix })).json).toMatchObject([{ paused: true, task: 'shell' }]);
  const wrong = await file('wrong', '61 * * * * a\n* * * * *\n');
  const ended = await carillon(['import', 'crontab', wrong], { prefix });
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(
    /^carillon: \S+wrong:1: minute "61" [^\n]+\ncarillon: \S+wrong:2: [^\n]+\ncarillon: 2 lines cannot be read: nothing was added\n$/,
  );
  const both = await file('both', '61 * * * * a\n@reboot b\n0 0 31 2 * c\n@daily d\n');
  const { stderr } = await carillon(['import', 'crontab', both], { prefix });
  expect(stderr.split('\n').map((one) => /:(\d): (cannot: )?/.exec(one)?.slice(1))).toEqual([
    ['1', undefined],
    ['2', 'cannot: '],
    ['3', 'cannot: '],
    ...[undefined, undefined],
  ]);
  expect(stderr).toMatch(/\ncarillon: a line cannot be read, and 2 cannot be carried over: nothing was added\n$/);
});

it('the task of docs/moving-in.md runs a line as cron does', async () => {
  const { carillon: cluster, stored } = await together(tasks);
  const input = 'GREETING="hello there"\n0 0 1 1 * cat && echo "$GREETING"%one%two\n0 0 1 1 * exit 3\n';
  await done(['import', 'crontab', '-', '--timezone', 'UTC', '--apply'], { prefix: stored.prefix, input });
  const { jobs } = await cluster.getJobs();
  const runOf = async (name: RegExp) => cluster.runJob(jobs.find((job) => name.test(job.name))?.id ?? '');
  expect(await (await runOf(/cat/)).result()).toBe('one\ntwo\nhello there\n');
  await expect((await runOf(/exit/)).result()).rejects.toThrow('exit 3 ended with 3');
});
