import { describe, expect, it } from 'vitest';
import { checkLines } from '../../../../packages/carillon/src/cli/jobs/import-check.js';
import { readLines } from '../../../../packages/carillon/src/cli/jobs/line.js';
import { decodeJob } from '../../../../packages/core/src/job/record.js';
import { MemoryCluster } from '../../../../packages/core/src/memory/index.js';
import { Scheduler } from '../../../../packages/core/src/scheduler/scheduler.js';
import {
  and,
  calendarInterval,
  compileTrigger,
  cron,
  describeTrigger,
  or,
  preview,
  type Trigger,
} from '../../../../packages/core/src/trigger/index.js';

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const THREE = LETTERS.flatMap((a) => LETTERS.map((b) => `${a}${b}T`));
const OTHERS = [
  'UTC',
  'PRC',
  'ROK',
  'EST5EDT',
  'PST8PDT',
  'GMT+1',
  'GMT-0',
  'Etc/GMT+5',
  'Etc/Unknown',
  'SystemV/PST8PDT',
  'US/Pacific-New',
];
const TAKEN_BY_INTL = [...THREE, ...OTHERS].filter((timeZone) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
});
const ABBREVIATION =
  /time zone "[A-Z]{3}" is an abbreviation, which means .*; use the IANA name of the zone that is meant/;

describe('the name of a zone', () => {
  it('is refused when the trigger is compiled, or can be used: whatever Intl takes', () => {
    const refused: string[] = [];
    for (const timezone of TAKEN_BY_INTL) {
      let next: (after: number) => number | null;
      try {
        next = compileTrigger(cron('30 12 * * *', { timezone })).nextMs;
      } catch (error) {
        expect(error).toMatchObject({ code: 'INVALID_TRIGGER', message: expect.stringMatching(ABBREVIATION) });
        refused.push(timezone);
        continue;
      }
      for (const after of [0, Date.UTC(2026, 2, 29), Date.UTC(2060, 0)]) expect(next(after)).toBeGreaterThan(after);
    }
    expect(refused).toHaveLength(25);
    expect(refused).toEqual(expect.arrayContaining(['PST', 'IST', 'EAT', 'BST', 'CST']));
  });

  it.each(['PST', 'IST', 'eat'])('%s is refused in every place that takes a zone', async (timezone) => {
    const refused = { message: expect.stringContaining('is an abbreviation') };
    const daily = cron('0 12 * * *', { timezone });
    const triggers: readonly Trigger[] = [
      daily,
      cron({ hour: 12 }, { timezone }),
      calendarInterval({ days: 1, timezone }),
      and(daily, cron('@hourly')),
      or(cron('@hourly'), and(daily)),
    ];
    await using scheduler = new Scheduler({ backend: new MemoryCluster().connect() });
    await scheduler.addJob({ id: 'kept', task: 'a', trigger: cron('@daily') });
    const nextRunTime = new Date(Date.now() + 60_000);
    for (const trigger of triggers) {
      expect(() => compileTrigger(trigger)).toThrow(expect.objectContaining(refused));
      expect(() => preview(trigger)).toThrow(expect.objectContaining(refused));
      expect(() => describeTrigger(trigger)).toThrow(expect.objectContaining(refused));
      const spec = { id: 'a', task: 'a', trigger, nextRunTime };
      await expect(scheduler.addJob(spec)).rejects.toMatchObject(refused);
      await expect(scheduler.addJobs([spec])).rejects.toMatchObject(refused);
      await expect(scheduler.modifyJob('kept', { trigger })).rejects.toMatchObject(refused);
      await expect(scheduler.rescheduleJob('kept', trigger)).rejects.toMatchObject(refused);
    }
    expect(() => compileTrigger(cron('@daily'), { timezone })).toThrow(expect.objectContaining(refused));
    expect(() => preview(cron('@daily'), { timezone })).toThrow(expect.objectContaining(refused));
    expect(() => describeTrigger(cron('@daily'), { timezone })).toThrow(expect.objectContaining(refused));
    expect(() => new Scheduler({ backend: new MemoryCluster().connect(), timezone })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS', ...refused }),
    );
  });

  it.each(['PST', 'IST'])('%s is refused on import, and where a stored job is read back', async (timezone) => {
    const trigger = { type: 'cron', expression: '0 12 * * *' };
    for (const zone of [{ trigger: { ...trigger, timezone } }, { trigger, timezone }]) {
      const line = JSON.stringify({ id: 'a', task: 'a', nextRunTime: '2099-01-01T00:00:00Z', ...zone });
      const faults = await checkLines(readLines(line).lines, 'default', false);
      expect(faults).toEqual([{ number: 1, why: expect.stringContaining('is an abbreviation') }]);
      const json = JSON.stringify({ task: 'a', ...zone });
      const pending = { fireTime: 0, dueAt: 0 };
      const read = decodeJob({ id: 'a', json, pending } as unknown as Parameters<typeof decodeJob>[0]);
      expect(read).toMatchObject({ id: 'a', pending, why: expect.stringContaining('is an abbreviation') });
    }
  });

  it.each([5, {}, ['UTC'], '', 'UTC '])('%j is not a zone, and says so', (timezone) => {
    const refused = {
      code: 'INVALID_TRIGGER',
      message: expect.stringContaining("is not in this runtime's tz database"),
    };
    expect(() => compileTrigger(cron('@daily'), { timezone: timezone as string })).toThrow(
      expect.objectContaining(refused),
    );
  });
});
