import { task } from '@carillon/worker';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from '../../support/eventually.js';
import { together } from '../../support/in-process.js';
import { carillon, done, file } from './carillon.js';

const length = task({ args: z.tuple([z.string()]), run: (text) => text.length });
const line = (id: string, args: readonly unknown[]) =>
  JSON.stringify({ id, task: 'length', args, trigger: { type: 'interval', hours: 1 } });

async function cluster() {
  const { stored, carillon: member } = await together({ length });
  await eventually(async () => {
    const { workers } = await member.inspect();
    expect(workers.map(({ contracts }) => Object.keys(contracts))).toEqual([['length']]);
  });
  return { prefix: stored.prefix, jobs: async () => (await member.getJobs()).jobs.map(({ id }) => id) };
}

it('jobs import names each line whose arguments the workers refuse, with --dry-run too, and adds nothing', async () => {
  const { prefix, jobs } = await cluster();
  const input = [line('a', ['text']), line('b', [5]), line('c', []), line('d', ['text'])].join('\n');
  for (const options of [['--dry-run'], [], ['--replace']]) {
    const refused = await carillon(['jobs', 'import', ...options], { prefix, input });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr.split('\n')).toMatchObject([
      expect.stringMatching(/^carillon: line 2: job "b" of task "length": args\[0\]: /),
      expect.stringMatching(/^carillon: line 3: job "c" of task "length": args: /),
      'carillon: 2 of 4 jobs are wrong: nothing was added',
      '',
    ]);
  }
  expect(await jobs()).toEqual([]);
  const right = [line('a', ['text']), line('d', ['text'])].join('\n');
  expect((await done(['jobs', 'import', '--dry-run'], { prefix, input: right })).stdout).toBe(
    '2 jobs could be added\n',
  );
});

it('carillon import says before --apply which entries the workers refuse, and --skip leaves them out', async () => {
  const { prefix, jobs } = await cluster();
  const crontab = await file('mine', '0 9 * * * one\nA=1\n0 9 * * * two\n');
  const options = ['import', 'crontab', crontab, '--timezone', 'UTC', '--task', 'length'];
  const planned = await done(options, { prefix });
  expect(planned.stdout).toMatch(/mine:3: cannot: job "[^"]+" of task "length": args/);
  expect(planned.stdout).toMatch(
    /\n1 to add, 0 unchanged, 1 cannot be carried over: nothing was written; give --apply\n$/,
  );
  expect(await carillon([...options, '--apply'], { prefix })).toMatchObject({ code: 5 });
  expect(await jobs()).toEqual([]);
  await done([...options, '--apply', '--skip'], { prefix });
  expect(await jobs()).toHaveLength(1);
});
