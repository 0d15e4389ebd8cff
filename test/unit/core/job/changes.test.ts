import { and, calendarInterval, cron, date, interval, type Trigger } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import * as changes from '../../../../packages/core/src/job/changes.js';
import { digestOf, type JobDefinition } from '../../../../packages/core/src/job/definition.js';
import { compileJob, countedFrom, runsLeft } from '../../../../packages/core/src/job/limit.js';
import type { Before } from '../../../../packages/core/src/job/read.js';
import { encodeJob } from '../../../../packages/core/src/job/record.js';
import { leastCpuMs } from '../../../support/cpu-time.js';
import { definitionOf } from '../../../support/job-definition.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const every = interval({ seconds: 10 });
const at = (seconds: number) => START + seconds * 1_000;
const fire = (seconds: number) => ({ fireTime: at(seconds), dueAt: at(seconds) });
const read = (seconds: number) => ({ jobStore: 'default', now: at(seconds) });

const definition = (trigger: Trigger = every, more: Partial<JobDefinition> = {}) => definitionOf(trigger, START, more);

type Job = Pick<Before, 'stored' | 'definition'>;

/** A job as it was read, with its next fire at `next` seconds, or paused. */
function job(next: number | null, given = definition()): Job {
  const record = { rev: 5, generation: 3, digest: digestOf(given), json: encodeJob(given), last: null };
  return { stored: { id: 'job', ...record, pending: next === null ? null : fire(next) }, definition: given };
}

const readAt = (seconds: number, of: Job): Before => ({ ...read(seconds), ...of });
const compiledOf = ({ definition }: Job) => compileJob('job', definition);

/** Changes that keep the job also return its definition. */
const added = (...args: Parameters<typeof changes.added>) => changes.added(...args)?.change ?? null;
const rescheduled = (...args: Parameters<typeof changes.rescheduled>) => changes.rescheduled(...args).change;
const modified = (...args: Parameters<typeof changes.modified>) => changes.modified(...args)?.change ?? null;
const paused = (...args: Parameters<typeof changes.paused>) => changes.paused(...args)?.change ?? null;
const resumed = (...args: Parameters<typeof changes.resumed>) => changes.resumed(...args)?.change ?? null;

const reported = (change: { readonly events: readonly { type: string; about: object }[] } | null) =>
  (change?.events ?? []).map(({ type, about }) => [type, about]);

const missed = (first: number, last: number) => [
  'job_missed',
  { jobStore: 'default', jobId: 'job', task: 'ping', runId: null, first: at(first), last: at(last) },
];

describe('a change of a job', () => {
  it('added: fires a step after now, under the tombstone that was read', () => {
    const change = added(read(0), 'job', definition(), 'by trigger', 'grave');
    expect(change).toMatchObject({
      expected: { rev: null, tombstone: 'grave' },
      record: { pending: fire(10), newGeneration: true },
    });
    expect(reported(change)).toEqual([
      ['job_added', { jobStore: 'default', jobId: 'job', task: 'ping', nextRunTime: at(10) }],
    ]);
  });

  it('added paused, or with a next run time of its own', () => {
    expect(added(read(0), 'job', definition(), null, null)?.record?.pending).toBeNull();
    expect(added(read(0), 'job', definition(), fire(-50), null)?.record?.pending).toEqual(fire(-50));
  });

  it('added: a date that is past is due, any other trigger that is over is nothing', () => {
    const past = definition(date(new Date(at(-100))));
    expect(added(read(0), 'job', past, 'by trigger', null)?.record?.pending).toEqual(fire(-100));
    const over = definition(interval({ seconds: 1, endAt: new Date(at(-1)) }));
    expect(added(read(0), 'job', over, 'by trigger', null)).toBeNull();
  });

  it.each<[string, (job: Job, seconds: number) => ReturnType<typeof changes.removed> | null, string]>([
    ['paused', (of, seconds) => paused(readAt(seconds, of)), 'job_paused'],
    ['removed', (of, seconds) => changes.removed(readAt(seconds, of)), 'job_removed'],
    [
      'rescheduled',
      (of, seconds) =>
        rescheduled(readAt(seconds, of), definition(interval('7s'), { anchor: at(seconds) }), 'by trigger'),
      'job_modified',
    ],
  ])('%s: what was due up to its reading is missed, what comes later does not exist', (_, change, type) => {
    const owes = (next: number, seconds: number) => reported(change(job(next), seconds)).slice(0, -1);
    expect(owes(10, 9)).toEqual([]);
    expect(owes(10, 10)).toEqual([missed(10, 10)]);
    expect(owes(10, 19.999)).toEqual([missed(10, 10)]);
    expect(owes(10, 45)).toEqual([missed(10, 40)]);
    expect(owes(10, 86_400 * 3_650)).toEqual([missed(10, 86_400 * 3_650)]);
    // A next run time that was set by hand counts too.
    expect(owes(13, 45)).toEqual([missed(13, 40)]);
    expect(reported(change(job(10), 45)).at(-1)?.[0]).toBe(type);
    expect(change(job(10), 45)).toMatchObject({ id: 'job', expected: { rev: 5, dueAt: at(10) } });
  });

  it('of a paused job owes nothing', () => {
    expect(reported(changes.removed(readAt(1_000, job(null)))).map(([type]) => type)).toEqual(['job_removed']);
    expect(changes.removed(readAt(1_000, job(null))).expected).toEqual({ rev: 5, dueAt: null });
  });

  it('rescheduled: the new trigger counts from then, as a new generation', () => {
    const next = definition(interval('7s'), { anchor: at(45) });
    const change = rescheduled(readAt(45, job(10)), next, 'by trigger');
    expect(change.record).toMatchObject({ pending: fire(52), newGeneration: true, digest: digestOf(next) });
    expect(rescheduled(readAt(45, job(10)), next, null).record?.pending).toBeNull();
    expect(rescheduled(readAt(45, job(10)), next, fire(46)).record?.pending).toEqual(fire(46));
  });

  it('rescheduled to a trigger that is over, it finishes', () => {
    const over = definition(interval({ seconds: 1, endAt: new Date(at(0)) }));
    const change = rescheduled(readAt(15, job(10)), over, 'by trigger');
    expect(change.record).toBeNull();
    expect(reported(change)).toEqual([
      missed(10, 10),
      ['job_removed', { jobStore: 'default', jobId: 'job', cause: 'finished' }],
    ]);
  });

  it('modified: keeps its next fire, even one that is due, and its generation', () => {
    const change = modified(readAt(45, job(10)), definition(every, { maxInstances: 2 }));
    expect(change).toMatchObject({
      record: { pending: 'kept', newGeneration: false },
      // The job may have fired since.
      expected: { rev: 5, dueAt: 'any' },
    });
    expect(changes.modified(readAt(45, job(10)), definition(every, { maxInstances: 2 }))?.pending).toEqual(fire(10));
    // The store adds the next run time that it keeps.
    expect(reported(change)).toEqual([['job_modified', { jobStore: 'default', jobId: 'job', task: 'ping' }]]);
    expect(modified(readAt(45, job(10)), definition())).toBeNull();
    // A limit counts from the fire that was read, which must still be the next one.
    const limited = modified(readAt(45, job(10)), definition(every, { maxRuns: 3, lastFireTime: at(30) }));
    expect(limited).toMatchObject({ record: { pending: 'kept' }, expected: { rev: 5, dueAt: at(10) } });
  });

  it('pausing what is paused and resuming what is not changes nothing', () => {
    expect(paused(readAt(45, job(null)))).toBeNull();
    expect(resumed(readAt(45, job(10)))).toBeNull();
  });

  it('resumed: fires on from now, on its old beat', () => {
    const change = resumed(readAt(45, job(null)));
    expect(change?.record).toMatchObject({ pending: fire(50), newGeneration: true });
    expect(reported(change)).toEqual([['job_resumed', { jobStore: 'default', jobId: 'job', nextRunTime: at(50) }]]);
  });

  it('resumed after its end, it finishes', () => {
    const change = resumed(readAt(45, job(null, definition(date(new Date(at(10)))))));
    expect(change?.record).toBeNull();
    expect(reported(change)).toEqual([['job_removed', { jobStore: 'default', jobId: 'job', cause: 'finished' }]]);
    expect(change).not.toHaveProperty('tombstone');
  });

  it('finishing, it leaves a tombstone if it was added with replaceExisting: the digest of its trigger as it is then', () => {
    const kept = definition(date(new Date(at(10))), { replaceExisting: true });
    expect(resumed(readAt(45, job(null, kept)))?.tombstone).toBe(digestOf(kept));
    const usedUp = definition(every, { replaceExisting: true, maxRuns: 2, runsLeft: 0 });
    expect(resumed(readAt(45, job(null, usedUp)))?.tombstone).toBe(digestOf(usedUp));
    const over = { ...kept, trigger: interval({ seconds: 1, endAt: new Date(at(0)) }) };
    expect(rescheduled(readAt(15, job(10, kept)), over, 'by trigger').tombstone).toBe(digestOf(over));
    expect(changes.removed(readAt(45, job(50, kept)))).not.toHaveProperty('tombstone');
  });

  it('forgotten: the tombstone goes, nothing is reported', () => {
    const forgotten = { id: 'job', expected: { rev: null, tombstone: 'grave' }, record: null, events: [] };
    expect(changes.forgotten('job', 'grave')).toEqual(forgotten);
  });

  describe('with jitter', () => {
    const given = definition(interval({ seconds: 10, jitter: '9s' }), { maxRuns: 9, lastFireTime: at(90) });
    const compiled = compileJob('job', given);
    const dueAt = (seconds: number) => at(seconds) + compiled.delayMs(at(seconds));
    const { stored } = job(10, given);
    const owing = { stored: { ...stored, pending: { fireTime: at(10), dueAt: dueAt(10) } }, definition: given };
    const other = definition(interval('7s'), { anchor: at(0) });
    const over = definition(interval({ seconds: 1, endAt: new Date(at(0)) }));
    const owingAt = (now: number): Before => ({ jobStore: 'default', now, ...owing });
    const TAKING = {
      paused: (now: number) => paused(owingAt(now)),
      removed: (now: number) => changes.removed(owingAt(now)),
      rescheduled: (now: number) => rescheduled(owingAt(now), other, 'by trigger'),
      'rescheduled, to begin at an instant': (now: number) => rescheduled(owingAt(now), given, fire(99)),
      'rescheduled, paused': (now: number) => rescheduled(owingAt(now), other, null),
      'rescheduled to what is over': (now: number) => rescheduled(owingAt(now), over, 'by trigger'),
    };

    it.each(Object.entries(TAKING))('%s: owes a fire from the instant that the trigger names', (_, change) => {
      const owes = (now: number) => reported(change(now)).filter(([type]) => type === 'job_missed');
      expect(dueAt(10)).toBeGreaterThan(at(11));
      expect(owes(at(10) - 1)).toEqual([]);
      for (const now of [at(10), at(11), dueAt(10) - 1, dueAt(10), at(20) - 1])
        expect(owes(now)).toEqual([missed(10, 10)]);
      expect(owes(at(50) - 1)).toEqual([missed(10, 40)]);
      expect(owes(at(50))).toEqual([missed(10, 50)]);
    });

    it('paused and resumed before the delayed instant: the fire is missed, counts as a run, and the next one comes', () => {
      const stopped = changes.paused(readAt(11, owing));
      expect(reported(stopped?.change ?? null)[0]).toEqual(missed(10, 10));
      expect(stopped?.definition.runsLeft).toBe(8);
      const resting = job(null, stopped?.definition);
      const goesOn = changes.resumed(readAt(12, resting));
      expect(goesOn?.change.record?.pending).toEqual({ fireTime: at(20), dueAt: dueAt(20) });
      expect(goesOn?.definition.lastFireTime).toBe(at(90));
    });

    it('modified: the fire stays, as delayed as it was', () => {
      const change = modified(readAt(11, owing), { ...given, maxInstances: 2 });
      expect(change?.record?.pending).toBe('kept');
      expect(changes.modified(readAt(11, owing), { ...given, maxInstances: 2 })?.pending).toEqual({
        fireTime: at(10),
        dueAt: dueAt(10),
      });
      expect(reported(change).map(([type]) => type)).toEqual(['job_modified']);
    });
  });
});

describe('a job that ends after a number of fire times', () => {
  /** A job with its next fire at `next` seconds, whose runs are counted from there. */
  const counted = (maxRuns: number | null, next: number, given: Partial<JobDefinition> = {}) =>
    job(next, countedFrom('job', definition(every, { maxRuns, ...given }), at(next)));
  const fires = (of: Job) => {
    const found: number[] = [];
    const { nextMs } = compiledOf(of);
    for (let next = of.stored.pending?.fireTime ?? null; next !== null; next = nextMs(next)) found.push(next);
    return found.map((fireTime) => (fireTime - START) / 1_000);
  };
  const nowIs = (changed: changes.Changed | null, next: number | null) => job(next, changed?.definition);

  it('fires that often, and then its trigger ends', () => {
    expect(fires(counted(3, 10))).toEqual([10, 20, 30]);
    expect(fires(counted(1, 10))).toEqual([10]);
    // A next run time that the trigger does not name counts as the first one.
    expect(fires(counted(3, 13))).toEqual([13, 20, 30]);
    expect(compiledOf(counted(3, 10)).next(new Date(at(30)))).toBeNull();
    expect(compiledOf(counted(3, 10)).next(new Date(at(29)))).toEqual(new Date(at(30)));
  });

  it('ends sooner where its trigger does', () => {
    const trigger = interval({ seconds: 10, startAt: new Date(START), endAt: new Date(at(20)) });
    expect(fires(counted(5, 10, { trigger }))).toEqual([10, 20]);
    expect(runsLeft('job', counted(5, 10, { trigger }).definition, at(10))).toBe(2);
  });

  it('has jitter as if it did not end', () => {
    const trigger = interval({ seconds: 10, jitter: '9s' });
    const unlimited = compiledOf(counted(null, 10, { trigger }));
    expect(compiledOf(counted(1, 10, { trigger })).delayMs(at(10))).toBe(unlimited.delayMs(at(10)));
  });

  it('is counted from its first fire time when it is added, rescheduled, or given a number', () => {
    const limited = definition(every, { maxRuns: 3 });
    expect(changes.added(read(0), 'job', limited, 'by trigger', null)?.definition.lastFireTime).toBe(at(30));
    expect(changes.added(read(0), 'job', limited, fire(-15), null)?.definition.lastFireTime).toBe(at(20));
    const worn = counted(3, 30);
    const again = changes.rescheduled(readAt(45, worn), { ...worn.definition, anchor: at(45) }, 'by trigger');
    expect(again.definition.lastFireTime).toBe(at(75));
    expect(JSON.parse(again.change.record?.json ?? '')).toMatchObject({ maxRuns: 3, lastFireTime: at(75) });
  });

  it('keeps how many are left while it is paused, and goes on with them', () => {
    const stopped = changes.paused(readAt(15, job(20, counted(3, 10).definition)));
    expect(stopped?.definition).toMatchObject({ maxRuns: 3, lastFireTime: null, runsLeft: 2 });
    expect(JSON.parse(stopped?.change.record?.json ?? '')).toMatchObject({ maxRuns: 3, runsLeft: 2 });
    const resting = nowIs(stopped, null);
    expect(runsLeft('job', resting.definition, null)).toBe(2);
    const goesOn = changes.resumed(readAt(1_001, resting));
    expect(goesOn?.change.record?.pending).toEqual(fire(1_010));
    expect(fires(nowIs(goesOn, 1_010))).toEqual([1_010, 1_020]);
  });

  it('fire times that pausing misses are among them', () => {
    const stopped = changes.paused(readAt(25, counted(3, 10)));
    expect(reported(stopped?.change ?? null)[0]).toEqual(missed(10, 20));
    expect(stopped?.definition.runsLeft).toBe(1);
    const none = changes.paused(readAt(99, counted(3, 10)));
    expect(reported(none?.change ?? null)[0]).toEqual(missed(10, 30));
    expect(none?.definition.runsLeft).toBe(0);
    expect(changes.resumed(readAt(100, nowIs(none, null)))?.change.record).toBeNull();
  });

  it('added or rescheduled paused, it has all of them left', () => {
    const limited = definition(every, { maxRuns: 3 });
    expect(changes.added(read(0), 'job', limited, null, null)?.definition).toMatchObject({ runsLeft: 3 });
    const again = changes.rescheduled(readAt(45, counted(3, 30)), counted(3, 30).definition, null);
    expect(again.definition).toMatchObject({ runsLeft: 3, lastFireTime: null });
  });

  it('without a number, nothing of it is kept', () => {
    const { definition: free } = changes.rescheduled(readAt(45, counted(3, 30)), definition(), 'by trigger');
    expect(free).toMatchObject({ maxRuns: null, lastFireTime: null, runsLeft: null });
    expect(Object.keys(JSON.parse(encodeJob(free)))).toEqual(['task', 'trigger', 'anchor', 'since']);
    expect(runsLeft('job', free, at(50))).toBeNull();
  });

  it.each<[string, Trigger]>([
    ['each minute', cron('* * * * *', { timezone: 'Europe/Berlin' })],
    ['on weekdays', cron('0 9 * * 1-5', { timezone: 'Europe/Berlin' })],
    ['each month', cron('0 0 1 * *', { timezone: 'America/New_York' })],
    ['each year', cron('0 0 1 1 *', { timezone: 'America/New_York' })],
    ['fields', cron({ day: 'last fri', hour: 9 }, { timezone: 'Asia/Tokyo' })],
    ['an interval', interval({ milliseconds: 1 })],
    ['a calendar interval', calendarInterval({ days: 1, hour: 9, timezone: 'Europe/Berlin' })],
    ['both of two', and(cron('*/5 * * * *', { timezone: 'Europe/Berlin' }), interval({ minutes: 10 }))],
  ])('counting the most of them takes no second: %s', (_, trigger) => {
    const given = definition(trigger, { maxRuns: 100_000 });
    const first = compileJob('job', given).nextMs(START) ?? 0;
    expect(leastCpuMs(3, 1_000, () => countedFrom('job', given, first))).toBeLessThan(1_000);
  });

  it('a limit beyond the year 3000 limits nothing', () => {
    const yearly = definition(cron('0 0 1 1 *'), { maxRuns: 2_000 });
    const far = countedFrom('job', yearly, Date.parse('2027-01-01T00:00:00Z'));
    expect(far.lastFireTime).toBeNull();
    expect(runsLeft('job', far, Date.parse('2027-01-01T00:00:00Z'))).toBe(2_000);
    expect(countedFrom('job', { ...yearly, maxRuns: 3 }, Date.parse('2027-01-01T00:00:00Z')).lastFireTime).toBe(
      Date.parse('2029-01-01T00:00:00Z'),
    );
  });
});
