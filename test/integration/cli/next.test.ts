import { interval } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import { newScheduler, Stored } from '../../support/in-process.js';
import { done, linesOf } from './carillon.js';

const BERLIN = ['--timezone', 'Europe/Berlin', '--after', '2026-03-27T12:00:00Z'];

describe('carillon next', () => {
  it('reports fire times by the clock of the zone, and in UTC', async () => {
    const { stdout } = await done(['next', '0 9 * * 1-5', ...BERLIN, '--count', '2']);
    const [heading, ...lines] = linesOf(stdout);
    expect(heading).toMatch(/^Europe\/Berlin +UTC/);
    expect(lines).toEqual([
      'Mon 2026-03-30 09:00:00 +02:00  2026-03-30T07:00:00.000Z',
      'Tue 2026-03-31 09:00:00 +02:00  2026-03-31T07:00:00.000Z',
    ]);
  });

  it('reports ten of them to programs', async () => {
    const { json } = await done(['next', '0 3 * * *', '--json', '--after', '2026-01-01T03:00:00Z']);
    expect(json.map(({ at }) => at)).toEqual(
      Array.from({ length: 10 }, (_, day) => `2026-01-${String(day + 2).padStart(2, '0')}T03:00:00.000Z`),
    );
  });

  it('needs no Redis', async () => {
    const { json } = await done(['next', '@daily', '--json', '--count', '1'], {
      env: { CARILLON_REDIS_URL: 'nowhere' },
    });
    expect(json).toHaveLength(1);
  });

  it('reports what clock changes within a year do to it', async () => {
    const warning = '2026-03-29 02:30 does not exist in Europe/Berlin: it fires 1 h later, at 2026-03-29 03:30';
    const { stdout } = await done(['next', '30 2 * * *', ...BERLIN, '--count', '1']);
    expect(stdout).toContain(`\nClock changes within a year:\n  ${warning}\n`);
    const { json } = await done(['next', '30 2 * * *', ...BERLIN, '--count', '1', '--json']);
    expect(json).toContainEqual({ changeAt: '2026-03-29T01:00:00.000Z', warning });
    const calm = await done(['next', '30 2 * * *', '--timezone', 'UTC', '--count', '1']);
    expect(calm.stdout).not.toContain('Clock changes');
  });

  it.each([
    ['--cron', ['--cron', '0 9 * * *'], ['2026-03-28T09:00:00.000Z', '2026-03-29T09:00:00.000Z']],
    ['--fields', ['--fields', 'day=last fri hour=9'], ['2026-04-24T09:00:00.000Z', '2026-05-29T09:00:00.000Z']],
    [
      '--fields with a zone',
      ['--fields', 'hour=9', '--timezone', 'Asia/Tokyo'],
      ['2026-03-28T00:00:00.000Z', '2026-03-29T00:00:00.000Z'],
    ],
    [
      '--every',
      ['--every', '36h', '--start-at', '2026-03-01T00:00:00Z'],
      ['2026-03-28T00:00:00.000Z', '2026-03-29T12:00:00.000Z'],
    ],
    ['--every without a start', ['--every', '1.5h'], ['2026-03-27T13:30:00.000Z', '2026-03-27T15:00:00.000Z']],
    ['--at', ['--at', '2027-01-01T00:00:00Z'], ['2027-01-01T00:00:00.000Z']],
    [
      '--trigger',
      ['--trigger', '{"type": "calendarInterval", "months": 1, "startDate": "2026-01-31"}'],
      ['2026-03-31T00:00:00.000Z', '2026-05-31T00:00:00.000Z'],
    ],
    ['a window', ['@daily', '--end-at', '2026-03-28T00:00:00Z'], ['2026-03-28T00:00:00.000Z']],
  ])('%s', async (_, args, fireTimes) => {
    const at = ['--after', '2026-03-27T12:00:00Z', '--count', '2'];
    const { json, stderr } = await done(['next', ...args, ...at, '--json']);
    expect(json.filter((line) => 'at' in line).map((line) => line.at)).toEqual(fireTimes);
    expect(stderr).toBe('');
    const people = await done(['next', ...args, ...at]);
    expect(people.stderr).toBe(fireTimes.length < 2 ? 'carillon: there are no more fire times\n' : '');
  });

  it('reports when a fire with jitter is due', async () => {
    const args = ['next', '@daily', '--jitter', '1h', '--count', '3'];
    const { json } = await done([...args, '--json']);
    for (const { at, due } of json as { at: string; due?: string }[]) {
      const lateMs = Date.parse(due ?? at) - Date.parse(at);
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThan(3_600_000);
    }
    expect((await done(args)).stdout).toContain('DUE, WITH JITTER');
  });

  it('reports when a stored job fires, its next run time first', async () => {
    const { prefix } = new Stored();
    const scheduler = newScheduler(prefix);
    const nextRunTime = new Date('2999-01-01T10:30:00Z');
    const trigger = interval({ hours: 1, startAt: '2999-01-01T00:00:00Z', jitter: '10m' });
    const job = await scheduler.addJob({ id: 'x', task: 'a', trigger, nextRunTime, maxRuns: 3 });
    const { json } = await done(['next', '--job', 'x', '--json'], { prefix });
    expect(json.map(({ at }) => at)).toEqual(['10:30', '11:00', '12:00'].map((time) => `2999-01-01T${time}:00.000Z`));
    // A next run time that was set is not delayed; fire times of the trigger are.
    expect(job.dueTime).toEqual(nextRunTime);
    expect(json.map(({ due }) => typeof due)).toEqual(['undefined', 'string', 'string']);
    const later = await done(['next', '--job', 'x', '--after', '2999-01-01T10:30:00Z', '--count', '1', '--json'], {
      prefix,
    });
    expect(later.json).toMatchObject([{ at: '2999-01-01T11:00:00.000Z' }]);
    await scheduler.pauseJob('x');
    const paused = await done(['next', '--job', 'x', '--json', '--count', '1'], { prefix });
    expect(paused.json).toMatchObject([{ at: '2999-01-01T00:00:00.000Z' }]);
    expect(paused.stderr).toContain('the job is paused');
  });
});
