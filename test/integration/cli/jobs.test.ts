import { describe, expect, it } from 'vitest';
import { Stored } from '../../support/in-process.js';
import { carillon, done } from './carillon.js';

const CRON = ['--cron', '0 9 * * 1-5', '--timezone', 'Europe/Berlin'];

describe('carillon jobs', () => {
  it('adds a job with everything that it was given, and shows it', async () => {
    const { prefix } = new Stored();
    const policy = ['--executor', 'mail', '--max-instances', '3', '--misfire-grace-time', '30s', '--no-coalesce'];
    const call = ['--args', '["eu", {"format": "pdf"}]', '--kwargs', '{"dry": true}'];
    const added = await done(
      ['jobs', 'add', 'report.daily', '--id', 'daily:eu', '--name', 'Daily', ...CRON, ...policy, ...call, '--json'],
      { prefix },
    );
    const shown = await done(['jobs', 'show', 'daily:eu', '--json'], { prefix });
    // The answer to a change does not contain the revision.
    expect(shown.json).toEqual([{ ...added.json[0], revision: expect.any(Number) }]);
    expect(shown.json[0]).toMatchObject({
      id: 'daily:eu',
      name: 'Daily',
      jobStore: 'default',
      task: 'report.daily',
      args: ['eu', { format: 'pdf' }],
      kwargs: { dry: true },
      trigger: { type: 'cron', expression: '0 9 * * 1-5', timezone: 'Europe/Berlin' },
      executor: 'mail',
      maxInstances: 3,
      misfireGraceTime: 30_000,
      coalesce: false,
      paused: false,
      lastRun: null,
      lastSuccess: null,
    });
    const people = await done(['jobs', 'show', 'daily:eu'], { prefix });
    expect(people.stdout).toMatch(/^id +daily:eu$/m);
    expect(people.stdout).toMatch(/^trigger +cron\[0 9 \* \* 1-5, Europe\/Berlin\]$/m);
  });

  it('adds a job with a policy for its runs', async () => {
    const { prefix } = new Stored();
    const retry = [
      '--retry',
      '5',
      '--retry-delay',
      '5s',
      '--retry-fixed',
      '--retry-max-delay',
      '1m',
      '--retry-jitter',
      '0.5',
      '--retry-unless',
      'TypeError,OrderError',
    ];
    const limits = ['--timeout', '30s', '--priority', '3', '--overlap', 'queue', '--max-runs', '7'];
    const history = ['--history', '20', '--history-age', '2d'];
    await done(['jobs', 'add', 'a', '--id', 'x', '--every', '1h', ...retry, ...limits, ...history], { prefix });
    expect((await done(['jobs', 'show', 'x', '--json'], { prefix })).json[0]).toMatchObject({
      retry: {
        attempts: 5,
        backoff: { type: 'fixed', delay: 5_000, maxDelay: 60_000, jitter: 0.5 },
        unless: ['TypeError', 'OrderError'],
      },
      timeout: 30_000,
      priority: 3,
      overlap: 'queue',
      maxRuns: 7,
      history: { perJob: 20, age: 172_800_000 },
    });
    const people = await done(['jobs', 'show', 'x'], { prefix });
    expect(people.stdout).toMatch(
      /^retry +5 attempts, after 5s, 0\.5 of it by chance; not after TypeError, OrderError$/m,
    );
    expect(people.stdout).toMatch(/^runs left +7 of 7$/m);
    for (const [wrong, says] of [
      [['--overlap', 'wait'], /Allowed choices are skip, queue, replace/],
      [['--priority', '-1'], /--priority|priority <n>/],
      [['--retry', '101'], /retry\.attempts 101 must be a whole number from 1 to 100/],
      [['--retry-fixed'], /--retry-fixed needs --retry/],
    ] as const) {
      const refused = await carillon(['jobs', 'add', 'a', ...wrong], { prefix });
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(says)]);
    }
  });

  it('lists by next run time, paused ones last', async () => {
    const { prefix } = new Stored();
    await done(['jobs', 'add', 'a', '--id', 'paused', '--every', '1m', '--paused'], { prefix });
    await done(['jobs', 'add', 'a', '--id', 'late', '--at', '2999-01-01T00:00:00Z'], { prefix });
    await done(['jobs', 'add', 'a', '--id', 'soon', '--every', '1h', '--jitter', '5s'], { prefix });
    const { json } = await done(['jobs', 'list', '--json'], { prefix });
    expect(json.map(({ id }) => id)).toEqual(['soon', 'late', 'paused']);
    const people = await done(['jobs', 'list', '--limit', '2'], { prefix });
    expect(people.stdout).toMatch(/^ID +TASK +NEXT RUN +LAST RUN +TRIGGER +EXECUTOR\nsoon .*\nlate .*\n$/);
    expect(people.stderr).toContain('there are more');
    const all = await done(['jobs', 'list', '--limit', '3'], { prefix });
    expect(all.stderr).toBe('');
  });

  it('pauses, resumes and removes', async () => {
    const { prefix } = new Stored();
    await done(['jobs', 'add', 'a', '--id', 'x', '--every', '1h'], { prefix });
    await done(['jobs', 'pause', 'x'], { prefix });
    expect((await done(['jobs', 'show', 'x', '--json'], { prefix })).json[0]).toMatchObject({ paused: true });
    await done(['jobs', 'resume', 'x'], { prefix });
    expect((await done(['jobs', 'show', 'x', '--json'], { prefix })).json[0]).toMatchObject({ paused: false });
    await done(['jobs', 'remove', 'x'], { prefix });
    expect((await carillon(['jobs', 'show', 'x'], { prefix })).code).toBe(3);
  });

  it('pauses and resumes a whole job store', async () => {
    const stored = new Stored();
    const { prefix } = stored;
    const { paused } = stored.backend.keys('reports');
    await done(['jobs', 'pause', '--all', '--job-store', 'reports'], { prefix });
    expect(await stored.backend.client.exists(paused)).toBe(1);
    await done(['jobs', 'resume', '--all', '--job-store', 'reports'], { prefix });
    expect(await stored.backend.client.exists(paused)).toBe(0);
  });

  it('lists how the last run ended, and says that the job store is paused', async () => {
    const { prefix, backend } = new Stored();
    await done(['jobs', 'add', 'a', '--id', 'x', '--every', '1h'], { prefix });
    const at = Date.parse('2026-01-02T03:04:05Z');
    await backend.client.hset(backend.keys('default').last, 'x', `error ${at} ${at + 1_000} 3 1`);
    const before = await done(['jobs', 'list'], { prefix });
    expect(before.stdout).toMatch(/^x .* error 2026-01-02T03:04:06\.000Z +interval\[1h\]/m);
    expect(before.stdout).not.toContain('paused');
    await done(['jobs', 'pause', '--all'], { prefix });
    expect((await done(['jobs', 'list'], { prefix })).stdout).toContain('Job store default is paused');
  });

  it('enters a run, once for each live instance', async () => {
    const { prefix } = new Stored();
    await done(['jobs', 'add', 'a', '--id', 'x', '--every', '1h'], { prefix });
    const { json } = await done(['jobs', 'run', 'x', '--json'], { prefix });
    expect(json).toEqual([{ runId: expect.any(String), jobId: 'x', jobStore: 'default', isDuplicate: false }]);
    const again = await carillon(['jobs', 'run', 'x'], { prefix });
    expect(again).toMatchObject({ code: 5, stdout: '' });
    expect(again.stderr).toMatch(/^carillon: .*maxInstances.*\n$/);
  });

  it('replaces a job only when asked to', async () => {
    const { prefix } = new Stored();
    const add = ['jobs', 'add', 'a', '--id', 'x', '--every', '1h'];
    const before = await done([...add, '--json'], { prefix });
    const refused = await carillon([...add, '--executor', 'mail'], { prefix });
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    expect(refused.stderr).toMatch(/^carillon: job "x" exists .*--replace\n$/);
    expect((await done(['jobs', 'show', 'x', '--json'], { prefix })).json).toEqual([
      { ...before.json[0], revision: expect.any(Number) },
    ]);
    const after = await done([...add, '--executor', 'mail', '--replace', '--json'], { prefix });
    expect(after.json[0]).toMatchObject({ executor: 'mail', nextRunTime: before.json[0]?.nextRunTime });
  });

  it('makes its job store known, so that the doctor looks at it', async () => {
    const stored = new Stored();
    await done(['jobs', 'add', 'a', '--every', '1h', '--job-store', 'reports'], { prefix: stored.prefix });
    expect(await stored.backend.knownJobStores()).toEqual(['reports']);
  });

  it('reads a flag first, then CARILLON_REDIS_URL, then REDIS_URL; empty ones are left out', async () => {
    const { prefix } = new Stored();
    const nowhere = 'redis://127.0.0.1:1';
    expect((await carillon(['jobs', 'list', '--redis', nowhere], { prefix })).code).toBe(4);
    expect((await carillon(['jobs', 'list'], { prefix, env: { REDIS_URL: nowhere } })).code).toBe(0);
    const onlyOther = { CARILLON_REDIS_URL: '', REDIS_URL: nowhere, CARILLON_PREFIX: '' };
    expect((await carillon(['jobs', 'list'], { prefix, env: onlyOther })).code).toBe(4);
  });

  it('finds jobs by options, and changes those that are meant if they are as many as expected', async () => {
    const { prefix } = new Stored();
    const say = async (...args: string[]) => (await done(['jobs', ...args], { prefix })).stdout;
    for (const [id, ...more] of [
      ['a', '--tag', 'x,y'],
      ['b', '--tag', 'x'],
      ['c', '--description', 'Invoices'],
    ]) {
      await done(['jobs', 'add', 'mail.send', '--id', id ?? '', '--every', '1h', ...more], { prefix });
    }
    const ids = async (...args: string[]) =>
      (await done(['jobs', 'list', '--json', ...args], { prefix })).json
        .map((job) => (job as { id: string }).id)
        .sort();
    expect(await ids('--tag', 'x')).toEqual(['a', 'b']);
    expect(await ids('--tag', 'x', '--tag', 'y')).toEqual(['a']);
    expect(await ids('--search', 'INVOICE')).toEqual(['c']);
    expect(await ids('--task', 'mail.send', '--state', 'paused')).toEqual([]);
    expect(await ids('--last-outcome', 'none', '--due-before', '2999-01-01T00:00:00Z')).toEqual(['a', 'b', 'c']);
    expect(await say('list', '--tag', 'x', '--count')).toBe('2 jobs\n');
    const asked = await carillon(['jobs', 'pause', '--tag', 'x'], { prefix });
    expect(asked).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('choose 2 jobs, and nothing was changed: give --expect 2'),
    });
    const wrong = await carillon(['jobs', 'pause', '--tag', 'x', '--expect', '3'], { prefix });
    expect(wrong).toMatchObject({ code: 5, stderr: expect.stringContaining('matches 2 jobs, and 3 were expected') });
    expect(await ids('--state', 'paused')).toEqual([]);
    expect(await say('pause', '--tag', 'x', '--expect', '2')).toBe('2 jobs: 2 paused, 0 unchanged, 0 refused\n');
    expect(await ids('--state', 'paused')).toEqual(['a', 'b']);
    expect(await say('resume', '--tag', 'y', '--expect', '1')).toBe('1 job: 1 resumed, 0 unchanged, 0 refused\n');
    expect(await say('run', '--tag', 'x', '--expect', '2')).toBe('2 jobs: 2 entered, 0 unchanged, 0 refused\n');
    const full = await carillon(['jobs', 'run', '--tag', 'x', '--expect', '2'], { prefix });
    expect(full).toMatchObject({ code: 5, stdout: '2 jobs: 0 entered, 0 unchanged, 2 refused\n' });
    expect(await ids('--state', 'running')).toEqual(['a', 'b']);
    expect(await say('remove', '--tag', 'x', '--expect', '2', '--cancel-runs')).toBe(
      '2 jobs: 2 removed, 0 unchanged, 0 refused\n',
    );
    expect(await ids()).toEqual(['c']);
    for (const wrong of [
      ['pause'],
      ['pause', 'c', '--tag', 'x'],
      ['pause', 'c', '--expect', '1'],
      ['run', '--tag', 'x', '--wait'],
    ])
      expect((await carillon(['jobs', ...wrong], { prefix })).code, wrong.join(' ')).toBe(2);
  });
});
