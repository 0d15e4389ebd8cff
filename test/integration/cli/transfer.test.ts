import { cron, interval } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import { newScheduler, Stored } from '../../support/in-process.js';
import { carillon, done, file, linesOf } from './carillon.js';

const line = (fields: object) => JSON.stringify({ task: 'a', trigger: { type: 'interval', hours: 1 }, ...fields });

/** Adds jobs of every kind, with a scheduler that has a zone of its own. */
async function everyKind(prefix: string): Promise<void> {
  const scheduler = newScheduler(prefix, { timezone: 'Asia/Tokyo' });
  await scheduler.addJobs([
    { id: 'own zone', task: 'a', args: [], trigger: cron('0 9 * * *', { timezone: 'Europe/Berlin' }) },
    { id: "the scheduler's zone", task: 'a', args: [], trigger: cron('0 9 * * *'), replaceExisting: true },
    {
      id: 'jitter',
      task: 'a',
      args: [1, { b: [null] }],
      kwargs: { c: 'ü' },
      trigger: interval({ hours: 5, jitter: '5m' }),
    },
    {
      id: 'paused',
      task: 'a',
      args: [],
      trigger: interval('1d'),
      nextRunTime: null,
      name: 'With a name',
      tags: ['b', 'a'],
    },
    { id: 'due', task: 'a', args: [], trigger: interval('1d'), nextRunTime: new Date('2026-01-01T00:00:00Z') },
    {
      id: 'policy',
      task: 'b',
      args: [],
      executor: 'mail',
      tags: ['team:a', 'Zürich'],
      description: 'What it is for, "quoted"',
      maxInstances: 4,
      misfireGraceTime: '30s',
      coalesce: false,
      trigger: interval('1w'),
    },
    {
      id: 'runs',
      task: 'b',
      args: [],
      trigger: interval('1w'),
      retry: { attempts: 3, backoff: { type: 'fixed', delay: '5s', jitter: 0.1 } },
      timeout: '1m',
      priority: 2,
      overlap: 'replace',
      history: { perJob: 5 },
      maxRuns: 9,
    },
  ]);
}

describe('carillon jobs export and import', () => {
  it('bring the same jobs into another prefix', async () => {
    const [from, to] = [new Stored().prefix, new Stored().prefix];
    await everyKind(from);
    const exported = await done(['jobs', 'export'], { prefix: from });
    expect(exported.json).toHaveLength(7);
    const imported = await done(['jobs', 'import', '--json'], { prefix: to, input: exported.stdout });
    expect(imported.json).toEqual([{ added: 7, changed: 0, unchanged: 0, finished: 0 }]);
    const before = await done(['jobs', 'list', '--json'], { prefix: from });
    const after = await done(['jobs', 'list', '--json'], { prefix: to });
    // A given next run time is not delayed by the jitter.
    // The job store counts revisions.
    const undelayed = before.json.map((job) => ({ ...job, dueTime: job.nextRunTime, revision: expect.any(Number) }));
    expect(after.json).toEqual(undelayed);
    expect(linesOf((await done(['jobs', 'export'], { prefix: to })).stdout).sort()).toEqual(
      linesOf(exported.stdout).sort(),
    );
  });

  it('a job goes on with the runs that it has left; one that has none left stays', async () => {
    const [from, to] = [new Stored().prefix, new Stored().prefix];
    const scheduler = newScheduler(from);
    const past = new Date(Date.now() - 250_000);
    const trigger = interval({ seconds: 100, startAt: past });
    await scheduler.addJob({ id: 'some', task: 'a', trigger, maxRuns: 5, nextRunTime: past });
    await scheduler.addJob({ id: 'none', task: 'a', trigger, maxRuns: 2, nextRunTime: past });
    await scheduler.pauseJob('some');
    await scheduler.pauseJob('none');
    const exported = await done(['jobs', 'export'], { prefix: from });
    expect(exported.json).toMatchObject([{ id: 'some', maxRuns: 2, paused: true }]);
    expect(exported.stderr).toContain('job "none" is paused with no run left: left out');
    await done(['jobs', 'import'], { prefix: to, input: exported.stdout });
    expect((await newScheduler(to).getJob('some'))?.runsLeft()).toBe(2);
  });

  it('a redeploy finds the imported jobs equal to its own', async () => {
    const [from, to] = [new Stored().prefix, new Stored().prefix];
    await everyKind(from);
    const exported = await done(['jobs', 'export'], { prefix: from });
    await done(['jobs', 'import'], { prefix: to, input: exported.stdout });
    const scheduler = newScheduler(to, { timezone: 'Asia/Tokyo' });
    const id = "the scheduler's zone";
    const before = await scheduler.getJob(id);
    const spec = { id, task: 'a', args: [], trigger: cron('0 9 * * *'), replaceExisting: true } as const;
    expect((await scheduler.addJob(spec)).nextRunTime).toEqual(before?.nextRunTime);
  });

  it('reads a file that was written by hand', async () => {
    const { prefix } = new Stored();
    const path = await file('jobs.jsonl', `\n${line({ id: 'x' })}\n\n${line({ id: 'y', paused: true })}\n`);
    expect((await done(['jobs', 'import', path, '--dry-run'], { prefix })).stdout).toBe('2 jobs could be added\n');
    expect((await done(['jobs', 'list', '--json'], { prefix })).json).toEqual([]);
    expect((await done(['jobs', 'import', path], { prefix })).stdout).toBe('2 jobs added\n');
    const { json } = await done(['jobs', 'list', '--json'], { prefix });
    expect(json).toMatchObject([
      { id: 'x', paused: false },
      { id: 'y', paused: true },
    ]);
  });

  const [x, y] = [line({ id: 'x' }), line({ id: 'y' })];
  it.each([
    ['no JSON', [x, '{"id": '], 2, /line 2: not JSON/],
    ['no object', [x, '[]'], 2, /line 2: not a JSON object/],
    ['no id', [x, line({})], 2, /line 2: a job without an id/],
    ['an id that comes twice', [x, y, x], 2, /line 3: job "x" is on line 1/],
    ['an unknown field', [x, line({ id: 'z', colour: 'red' })], 2, /line 2: .*colour/],
    ['a job store', [x, line({ id: 'z', jobStore: 'b' })], 2, /line 2: jobStore/],
    ['a wrong trigger', [x, line({ id: 'z', trigger: { type: 'interval' } })], 2, /line 2: interval/],
    ['a wrong expression', [x, line({ id: 'z', trigger: { type: 'cron', expression: '* *' } })], 2, /line 2: cron/],
    [
      'a wrong zone',
      [x, line({ id: 'z', trigger: { type: 'cron', expression: '0 9 * * *' }, timezone: 'Mars' })],
      2,
      /line 2: .*Mars/,
    ],
    ['a wrong next run time', [x, line({ id: 'z', nextRunTime: 'soon' })], 2, /line 2: nextRunTime "soon"/],
    [
      'paused, and a next run time',
      [x, line({ id: 'z', paused: true, nextRunTime: '2999-01-01T00:00:00Z' })],
      2,
      /line 2: paused/,
    ],
    ['arguments that are not a list', [x, line({ id: 'z', args: 3 })], 2, /line 2: .*args/],
  ])('%s: adds nothing', async (_, lines, code, says) => {
    const stored = new Stored();
    const ended = await carillon(['jobs', 'import'], { prefix: stored.prefix, input: lines.join('\n') });
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr).toMatch(/^carillon: [^\n]+\n$/);
    expect(await stored.keys()).toEqual([]);
  });

  it('names every bad line at once, and adds nothing', async () => {
    const stored = new Stored();
    const zone = { trigger: { type: 'cron', expression: '0 9 * * *' }, timezone: 'Mars' };
    const bad = [
      '{"id": ',
      line({}),
      line({ id: 'z', colour: 'red' }),
      x,
      line({ id: 'm', ...zone }),
      line({ id: 'n', args: 3 }),
    ];
    const input = [x, ...bad, y].join('\n');
    for (const options of [[], ['--replace'], ['--dry-run']]) {
      const ended = await carillon(['jobs', 'import', ...options], { prefix: stored.prefix, input });
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      const lines = linesOf(ended.stderr);
      expect(lines.map((text) => /^carillon: line (\d)/.exec(text)?.[1])).toEqual([
        '2',
        '3',
        '4',
        '5',
        '6',
        '7',
        undefined,
      ]);
      expect(lines.at(-1)).toBe('carillon: 6 of 8 jobs are wrong: nothing was added');
    }
    expect(await stored.keys()).toEqual([]);
  });

  it('counts what was added, what was changed and what is as it was', async () => {
    const { prefix } = new Stored();
    const of = (fields: object) => [x, y, line({ id: 'z', ...fields })].join('\n');
    const replace = ['jobs', 'import', '--replace'];
    const counted = async (input: string) => (await done([...replace, '--json'], { prefix, input })).json[0];
    expect(await counted(x ?? '')).toEqual({ added: 1, changed: 0, unchanged: 0, finished: 0 });
    expect(await counted(of({}))).toEqual({ added: 2, changed: 0, unchanged: 1, finished: 0 });
    expect(await counted(of({}))).toEqual({ added: 0, changed: 0, unchanged: 3, finished: 0 });
    await done(['jobs', 'remove', 'z'], { prefix });
    await done(['jobs', 'import'], { prefix, input: line({ id: 'z' }) });
    expect(await counted(of({}))).toEqual({ added: 0, changed: 0, unchanged: 3, finished: 0 });
    expect(await counted(of({ priority: 5 }))).toEqual({ added: 0, changed: 1, unchanged: 2, finished: 0 });
    const people = await done(replace, { prefix, input: of({ trigger: { type: 'interval', hours: 2 } }) });
    expect(people.stdout).toBe('0 jobs added, 1 changed, 2 unchanged\n');
  });

  it('adds nothing where one of 1100 jobs exists; with --replace, all', async () => {
    const { prefix } = new Stored();
    await done(['jobs', 'add', 'other', '--id', 'job 1050', '--every', '2h'], { prefix });
    const input = Array.from({ length: 1_100 }, (_, index) => line({ id: `job ${index}` })).join('\n');
    const refused = await carillon(['jobs', 'import'], { prefix, input });
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    expect(refused.stderr).toMatch(/^carillon: 1 of 1100 jobs exists .*"job 1050".*nothing was added[^\n]*\n$/);
    expect((await done(['jobs', 'list', '--json'], { prefix })).json).toHaveLength(1);
    const replaced = await done(['jobs', 'import', '--replace', '--json'], { prefix, input });
    expect(replaced.json).toEqual([{ added: 1_099, changed: 1, unchanged: 0, finished: 0 }]);
    const { json } = await done(['jobs', 'list', '--json'], { prefix });
    expect(new Set(json.map(({ id }) => id)).size).toBe(1_100);
    expect(json.every(({ task }) => task === 'a')).toBe(true);
  });

  it('says how many were added where it fails in between', async () => {
    const { prefix, backend } = new Stored();
    // A finished job leaves a string, so this list is an error. Only the second thousand of jobs reads it.
    await backend.client.lpush(`${backend.keys('default').tomb}job 1050`, 'garbage');
    const input = Array.from({ length: 1_100 }, (_, index) => line({ id: `job ${index}` })).join('\n');
    const ended = await carillon(['jobs', 'import', '--replace'], { prefix, input });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(
      /^carillon: 1000 of 1100 jobs were added, the others were not:[^\n]*WRONGTYPE[^\n]*\n$/,
    );
    expect(await backend.client.hlen(backend.keys('default').jobs)).toBe(1_000);
    expect((await carillon(['jobs', 'import'], { prefix, input })).code).not.toBe(0);
    expect(await backend.client.hlen(backend.keys('default').jobs)).toBe(1_000);
  });

  it('replaces a job that cannot be read, as a job that exists, and refuses it without --replace', async () => {
    const { prefix, backend } = new Stored();
    const { jobs } = backend.keys('default');
    // The header of one record cannot be read, and the JSON of the other.
    await done(['jobs', 'import'], { prefix, input: [x, y].join('\n') });
    await backend.client.hset(jobs, 'x', 'garbage');
    await backend.client.hset(jobs, 'y', '7 1 digest {}');
    const input = [x, y, line({ id: 'z' })].join('\n');
    for (const options of [[], ['--dry-run']]) {
      const refused = await carillon(['jobs', 'import', ...options], { prefix, input });
      expect(refused).toMatchObject({ code: 5, stdout: '' });
      expect(refused.stderr).toMatch(/^carillon: 2 of 3 jobs exist .*"x", "y"\): nothing was added[^\n]*\n$/);
    }
    expect(await backend.client.hget(jobs, 'x')).toBe('garbage');
    const replaced = await done(['jobs', 'import', '--replace', '--json'], { prefix, input });
    expect(replaced.json).toEqual([{ added: 1, changed: 2, unchanged: 0, finished: 0 }]);
    const { json } = await done(['jobs', 'list', '--json'], { prefix });
    expect(json.map(({ id }) => id).sort()).toEqual(['x', 'y', 'z']);
  });

  it('says which jobs cannot be read, and exports the others', async () => {
    const stored = new Stored();
    const { prefix, backend } = stored;
    await done(['jobs', 'add', 'a', '--id', 'good', '--every', '1h'], { prefix });
    await done(['jobs', 'add', 'a', '--id', 'bad', '--every', '1h'], { prefix });
    await backend.client.hset(backend.keys('default').jobs, 'bad', 'garbage');
    const exported = await carillon(['jobs', 'export'], { prefix });
    expect(exported.code).toBe(1);
    expect(exported.json).toMatchObject([{ id: 'good' }]);
    expect(exported.stderr).toContain('"bad"');
    expect(exported.stderr).toContain('1 job cannot be read and was left out');
  });
});
