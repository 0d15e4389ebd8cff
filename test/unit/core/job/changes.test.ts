import { date, interval, type Trigger } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import * as changes from '../../../../packages/core/src/job/changes.js';
import { digestOf, type JobDefinition } from '../../../../packages/core/src/job/definition.js';
import { compileJob } from '../../../../packages/core/src/job/limit.js';
import { encodeJob, type ReadableJob } from '../../../../packages/core/src/job/record.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const every = interval({ seconds: 10 });
const at = (seconds: number) => START + seconds * 1_000;
const fire = (seconds: number) => ({ fireTime: at(seconds), dueAt: at(seconds) });
const read = (seconds: number) => ({ jobStore: 'default', now: at(seconds) });

function definition(trigger: Trigger = every, more: Partial<JobDefinition> = {}): JobDefinition {
  return {
    task: 'ping',
    args: [],
    kwargs: undefined,
    name: undefined,
    trigger,
    timezone: undefined,
    anchor: START,
    executor: 'default',
    maxInstances: 1,
    misfireGraceMs: null,
    coalesce: true,
    replaceExisting: false,
    ...more,
  };
}

/** A job as it was read, with its next fire at so many seconds, or paused. */
function job(next: number | null, given = definition()): ReadableJob {
  const stored = { rev: 5, generation: 3, digest: digestOf(given), json: encodeJob(given), last: null };
  return {
    id: 'job',
    ...stored,
    definition: given,
    compiled: compileJob('job', given),
    pending: next === null ? null : fire(next),
  };
}

const told = (change: { readonly events: readonly { type: string; body: string }[] } | null) =>
  (change?.events ?? []).map(({ type, body }) => [type, JSON.parse(`{${body}}`)]);

const missed = (first: number, last: number) => [
  'job_missed',
  { jobStore: 'default', jobId: 'job', task: 'ping', runId: null, first: at(first), last: at(last) },
];

describe('a change of a job', () => {
  it('added: fires a step after now, under the tombstone that was read', () => {
    const change = changes.added(read(0), 'job', definition(), 'by trigger', 'grave');
    expect(change).toMatchObject({
      expected: { rev: null, tombstone: 'grave' },
      record: { pending: fire(10), newGeneration: true },
    });
    expect(told(change)).toEqual([
      ['job_added', { jobStore: 'default', jobId: 'job', task: 'ping', nextRunTime: at(10) }],
    ]);
  });

  it('added paused, or with a next run time of its own', () => {
    expect(changes.added(read(0), 'job', definition(), null, null)?.record?.pending).toBeNull();
    expect(changes.added(read(0), 'job', definition(), fire(-50), null)?.record?.pending).toEqual(fire(-50));
  });

  it('added: a date that is past is due, any other trigger that is over is nothing', () => {
    const past = definition(date(new Date(at(-100))));
    expect(changes.added(read(0), 'job', past, 'by trigger', null)?.record?.pending).toEqual(fire(-100));
    const over = definition(interval({ seconds: 1, endAt: new Date(at(-1)) }));
    expect(changes.added(read(0), 'job', over, 'by trigger', null)).toBeNull();
  });

  it.each<[string, (job: ReadableJob, seconds: number) => ReturnType<typeof changes.removed> | null, string]>([
    ['paused', (of, seconds) => changes.paused(read(seconds), of), 'job_paused'],
    ['removed', (of, seconds) => changes.removed(read(seconds), of), 'job_removed'],
    [
      'rescheduled',
      (of, seconds) =>
        changes.rescheduled(read(seconds), of, definition(interval('7s'), { anchor: at(seconds) }), 'by trigger'),
      'job_modified',
    ],
  ])('%s: what was due up to its reading is missed, what comes later does not exist', (_, change, type) => {
    const owes = (next: number, seconds: number) => told(change(job(next), seconds)).slice(0, -1);
    expect(owes(10, 9)).toEqual([]);
    expect(owes(10, 10)).toEqual([missed(10, 10)]);
    expect(owes(10, 19.999)).toEqual([missed(10, 10)]);
    expect(owes(10, 45)).toEqual([missed(10, 40)]);
    expect(owes(10, 86_400 * 3_650)).toEqual([missed(10, 86_400 * 3_650)]);
    // A next run time that was set by hand counts.
    expect(owes(13, 45)).toEqual([missed(13, 40)]);
    expect(told(change(job(10), 45)).at(-1)?.[0]).toBe(type);
    expect(change(job(10), 45)).toMatchObject({ id: 'job', expected: { rev: 5, dueAt: at(10) } });
  });

  it('of a paused job owes nothing', () => {
    expect(told(changes.removed(read(1_000), job(null))).map(([type]) => type)).toEqual(['job_removed']);
    expect(changes.removed(read(1_000), job(null)).expected).toEqual({ rev: 5, dueAt: null });
  });

  it('rescheduled: the new trigger counts from then, as a new generation', () => {
    const next = definition(interval('7s'), { anchor: at(45) });
    const change = changes.rescheduled(read(45), job(10), next, 'by trigger');
    expect(change.record).toMatchObject({ pending: fire(52), newGeneration: true, digest: digestOf(next) });
    expect(changes.rescheduled(read(45), job(10), next, null).record?.pending).toBeNull();
    expect(changes.rescheduled(read(45), job(10), next, fire(46)).record?.pending).toEqual(fire(46));
  });

  it('rescheduled to a trigger that is over, it finishes', () => {
    const over = definition(interval({ seconds: 1, endAt: new Date(at(0)) }));
    const change = changes.rescheduled(read(15), job(10), over, 'by trigger');
    expect(change.record).toBeNull();
    expect(told(change)).toEqual([
      missed(10, 10),
      ['job_removed', { jobStore: 'default', jobId: 'job', reason: 'finished' }],
    ]);
  });

  it('modified: keeps its next fire, even one that is due, and its generation', () => {
    const change = changes.modified(read(45), job(10), definition(every, { maxInstances: 2 }));
    expect(change).toMatchObject({
      record: { pending: fire(10), newGeneration: false },
      expected: { rev: 5, dueAt: at(10) },
    });
    expect(told(change)).toEqual([
      ['job_modified', { jobStore: 'default', jobId: 'job', task: 'ping', nextRunTime: at(10) }],
    ]);
    expect(changes.modified(read(45), job(10), definition())).toBeNull();
  });

  it('pausing what is paused and resuming what is not changes nothing', () => {
    expect(changes.paused(read(45), job(null))).toBeNull();
    expect(changes.resumed(read(45), job(10))).toBeNull();
  });

  it('resumed: fires on from now, on its old beat', () => {
    const change = changes.resumed(read(45), job(null));
    expect(change?.record).toMatchObject({ pending: fire(50), newGeneration: true });
    expect(told(change)).toEqual([['job_resumed', { jobStore: 'default', jobId: 'job', nextRunTime: at(50) }]]);
  });

  it('resumed after its end, it finishes', () => {
    const change = changes.resumed(read(45), job(null, definition(date(new Date(at(10))))));
    expect(change?.record).toBeNull();
    expect(told(change)).toEqual([['job_removed', { jobStore: 'default', jobId: 'job', reason: 'finished' }]]);
  });

  it('forgotten: the tombstone goes, nothing is told', () => {
    const forgotten = { id: 'job', expected: { rev: null, tombstone: 'grave' }, record: null, events: [] };
    expect(changes.forgotten('job', 'grave')).toEqual(forgotten);
  });

  it('with jitter, owes what is due at its delayed instant', () => {
    const given = definition(interval({ seconds: 10, jitter: '9s' }));
    const compiled = compileJob('job', given);
    const dueAt = (seconds: number) => at(seconds) + compiled.delayMs(at(seconds));
    const pending = { fireTime: at(10), dueAt: dueAt(10) };
    const owing = { ...job(10, given), pending };
    const owes = (now: number) => told(changes.paused({ jobStore: 'default', now }, owing)).slice(0, -1);
    expect(owes(dueAt(10) - 1)).toEqual([]);
    expect(owes(dueAt(10))).toEqual([missed(10, 10)]);
    expect(owes(dueAt(50) - 1)).toEqual([missed(10, 40)]);
    expect(owes(dueAt(50))).toEqual([missed(10, 50)]);
  });
});
