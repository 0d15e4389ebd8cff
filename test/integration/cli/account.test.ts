import { expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { Stored, together } from '../../support/in-process.js';
import { carillon, done } from './carillon.js';

const tasks = { quick: async () => 'done' };
/** Matches the last executed fire time, and the first one of a stretch with a step of one second. */
const REGULAR = /^x (\d+) \d+,x(\d+)\+1000~/;

/** Runs a job each second, at least three times; then Ann pauses it. Returns its last fire times, too. */
async function paused() {
  const { carillon: all, stored } = await together(tasks);
  const times = async () => {
    const last = await stored.backend.client.hget(stored.backend.keys('default').last, 'x');
    const [, to = 0, from = 0] = (REGULAR.exec(last ?? '') ?? []).map(Number);
    return from === 0 ? [] : Array.from({ length: (to - from) / 1_000 + 1 }, (_, index) => from + 1_000 * index);
  };
  await all.addJob({ id: 'x', task: 'quick', trigger: { type: 'interval', seconds: 1 } });
  await eventually(async () => expect((await times()).length).toBeGreaterThanOrEqual(3));
  await all.as({ actor: 'Ann' }).pauseJob('x', { reason: 'month end' });
  await eventually(async () => expect(await stored.sizes()).toMatchObject({ instances: 0, runs: 0 }));
  return { stored, prefix: stored.prefix, times: await times() };
}

it('explain and audit report the outcomes of the fire times of a job, and audit what was lost or doubled', async () => {
  const { stored, prefix, times } = await paused();
  const iso = times.map((at) => new Date(at).toISOString());
  const [first = '', second = '', third = ''] = iso;

  const one = await done(['explain', 'x', second], { prefix });
  expect(one.stdout).toMatch(/^It ran at \S+ \S+ UTC\. Run \S+ was started by worker \S+\. It began \d.*\.\n$/);
  const [reported] = (await done(['explain', 'x', second, '--json'], { prefix })).json;
  expect(reported).toMatchObject({ instant: second, code: 'executed', evidence: { jobId: 'x' } });
  const runId = /Run (\S+) was/.exec(one.stdout)?.[1] ?? '';
  expect(reported).toMatchObject({ evidence: { run: { runId } } });
  expect((await done(['explain', runId, '--json'], { prefix })).json).toMatchObject([
    { runId, jobId: 'x', code: 'executed', scheduledRunTimes: [second] },
  ]);
  expect((await done(['explain', runId], { prefix })).stdout).toMatch(
    /^Run \S+ of job "x" .*it was executed at .*\.\n$/,
  );

  const period = await done(['explain', 'x', first, '--to', 'now', '--json'], { prefix });
  expect(period).toMatchObject({ stderr: '' });
  expect(period.json.map(({ instant, code }) => [instant, code])).toEqual(iso.map((at) => [at, 'executed']));
  const some = await done(['explain', 'x', first, '--to', 'now', '--limit', '2'], { prefix });
  expect(some.stdout.match(/^It ran at/gm)).toHaveLength(2);
  expect(some.stderr).toBe(`carillon: there is more after ${second}: raise --limit, or begin there\n`);
  expect((await done(['explain', 'x', 'now'], { prefix })).stdout).toMatch(
    /^It did not run at .*: Ann paused the job at .* because of 'month end'\.\n$/,
  );
  // The id may be wrong, so the command gives no answer.
  expect(await carillon(['explain', 'nothing', 'now', '--json'], { prefix })).toMatchObject({
    code: 3,
    stdout: '',
    stderr: expect.stringMatching(/job "nothing" is not in job store "default"/),
  });

  const good = await done(['audit', '--from', first], { prefix });
  expect(good.stdout).toMatch(
    new RegExp(
      `^${times.length} fire times of 1 job were compared, 0 are wrong\\. The accounts speak from \\S+Z on\\.\n$`,
    ),
  );
  const range = ['--from', second, '--to', third];
  expect((await done(['audit', '--job', 'x', ...range, '--json'], { prefix })).json).toMatchObject([
    { from: second, to: third, fireTimes: 2, jobs: 1, found: 0, findings: [], unreadable: [] },
  ]);

  // The first outcome is lost, and the third one is stored twice.
  const { client } = stored.backend;
  const keys = stored.backend.keys('default');
  const last = (await client.hget(keys.last, 'x')) ?? '';
  await client.hset(keys.last, 'x', last.replace(`x${times[0]}+1000`, `x${times[1]}+1000`));
  await client.rpush(`${keys.accountOf}x`, `s${Date.now()} e${times[2]}+0*1~5`);
  const bad = await carillon(['audit', '--json'], { prefix });
  expect(bad).toMatchObject({ code: 1, stderr: '' });
  expect(bad.json).toMatchObject([
    {
      found: 2,
      findings: [
        { jobId: 'x', kind: 'unaccounted', first, last: first, count: 1, outcomes: [] },
        { jobId: 'x', kind: 'double', first: third, last: third, count: 1 },
      ],
    },
  ]);
  const words = await carillon(['audit', '--job', 'x'], { prefix });
  expect(words).toMatchObject({ code: 1, stderr: '' });
  const rows = words.stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '));
  expect(rows.slice(1)).toEqual([
    'JOB | WRONG | FIRST | LAST | COUNT | KEPT',
    expect.stringContaining(`x | no outcome | ${first} | ${first} | 1`),
    expect.stringMatching(
      new RegExp(`^x \\| several outcomes \\| ${third} \\| ${third} \\| 1 \\| (error, executed|executed, error)$`),
    ),
    '',
  ]);
  expect((await done(['audit', ...range.slice(0, 1), second, '--to', second], { prefix })).stdout).toMatch(
    /^1 fire time /,
  );
  expect((await done(['explain', 'x', first, '--json'], { prefix })).json).toMatchObject([{ code: 'unaccounted' }]);

  // An entry that cannot be read is reported, and fails the audit too.
  await client.rpush(`${keys.accountOf}x`, 'nonsense');
  expect(await carillon(['audit', ...range.slice(0, 1), second, '--to', second], { prefix })).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^1 fire time .*, 0 are wrong\..*\njob x: an entry cannot be read: nonsense\n$/),
  });
}, 60_000);

it('explain and audit refuse what they cannot answer', async () => {
  const stored = new Stored();
  const { prefix } = stored;
  const LATER = '2026-03-02T00:00:00Z';
  const EARLIER = '2026-03-01T00:00:00Z';
  for (const [args, code, says] of [
    [['explain', 'x'], 3, /nothing is known of a run "x".*carillon explain x 1d --to now/],
    [['explain', 'x', 'soon'], 2, /"soon" is neither a Date nor an instant/],
    [['explain', 'x', '2026-02-30 10:00'], 2, /"2026-02-30 10:00" is neither/],
    [['explain', 'x', '2026-02-29'], 2, /"2026-02-29" is neither/],
    [['explain', 'x', '2026-02-30T10:00:00Z'], 2, /is neither/],
    [['explain', 'x', '2026-02-20 25:00'], 2, /is neither/],
    [['explain', 'x', '99999999999w'], 2, /"99999999999w": It is longer ago than 36500d/],
    [['explain', 'x', EARLIER, '--to', 'soon'], 2, /to: "soon" is neither/],
    [
      ['explain', 'x', LATER, '--to', EARLIER],
      2,
      /to 2026-03-01T00:00:00.000Z is before from 2026-03-02T00:00:00.000Z/,
    ],
    [['explain', 'x', '--to', 'now'], 2, /--to: give the instant from which on/],
    [['explain', 'x', 'now', '--limit', '5'], 2, /--limit needs --to/],
    [['explain', 'x', 'now', '--to', 'now', '--limit', '10001'], 2, /more than 10000/],
    [['explain', 'a\nb', 'now'], 2, /control character/],
    [['explain', 'a b'], 2, /is not the id of a run/],
    [['explain'], 2, /missing required argument/],
    [['audit', 'x'], 2, /too many arguments/],
    [['audit', '--job', 'nothing'], 3, /job "nothing" is not in job store "default"/],
    [['audit', '--job', 'x,'], 2, /id/],
    [['audit', '--from', 'soon'], 2, /not an instant/],
    [['audit', '--to', '2026-02-30T00:00:00Z'], 2, /not an instant/],
    [['audit', '--from', LATER, '--to', EARLIER], 2, /audit: to 2026-03-01.* is before from/],
    [['runs', '--from', LATER, '--to', EARLIER], 2, /getRuns: to 2026-03-01.* is before from/],
  ] as const) {
    const ended = await carillon(args, { prefix });
    expect(ended, args.join(' ')).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(says) });
  }
  expect(await stored.keys()).toEqual([]);
});
