import { cron, date, interval } from '@carillon/core';
import { expect, it } from 'vitest';
import { fireTimeAfter, fireTimeBefore, hasFireTime } from '../../../../packages/core/src/account/revision.js';
import { verdictOf } from '../../../../packages/core/src/account/verdict.js';
import { changed, ended, handMade, ms, outcomes, record } from '../../../support/hand-made-account.js';

const HOURLY = cron('0 * * * *');

it('goes back from how a job is, change by change', () => {
  const now = record(cron('30 * * * *'), { at: '2026-02-01T12:10:00Z', actor: 'ann', reason: 'half past' });
  const { trigger, since } = record(HOURLY, { at: '2026-02-01T11:59:00Z', actor: 'bob' });
  const paused = record(HOURLY, { at: '2026-02-01T10:05:00Z', first: null, actor: 'ann', reason: 'month end' });
  const first = record(HOURLY, { at: '2026-02-01T08:00:00Z' });
  const timeline = handMade({
    now: '2026-02-01T12:20:00Z',
    job: { rev: 9, generation: 9, record: { ...now, name: 'late' } },
    pending: '2026-02-01T12:30:00Z',
    entries: [
      changed('2026-02-01T10:05:01Z', 3, 3, {
        what: 'paused',
        actor: 'ann',
        reason: 'month end',
        was: { since: first.since },
      }),
      changed('2026-02-01T11:59:01Z', 5, 5, { what: 'resumed', actor: 'bob', was: { since: paused.since } }),
      changed('2026-02-01T12:10:01Z', 7, 7, { what: 'rescheduled', actor: 'ann', was: { trigger, since, name: null } }),
    ],
  });
  expect(timeline.unreadable).toEqual([]);
  const reported = timeline.revisions.map(({ rev, from, to, paused: isPaused, began, ended: end, definition }) => ({
    rev,
    from: from && new Date(from).toISOString().slice(11, 16),
    to: to && new Date(to).toISOString().slice(11, 16),
    isPaused,
    began: `${began.what} ${began.actor} ${began.reason}`,
    ended: end && `${end.what} ${end.actor} ${end.reason}`,
    name: definition.name,
  }));
  expect(reported).toEqual([
    {
      rev: 3,
      from: '08:00',
      to: '10:05',
      isPaused: false,
      began: 'added null null',
      ended: 'paused ann month end',
      name: undefined,
    },
    {
      rev: 5,
      from: '10:05',
      to: '11:59',
      isPaused: true,
      began: 'paused ann month end',
      ended: 'resumed bob null',
      name: undefined,
    },
    {
      rev: 7,
      from: '11:59',
      to: '12:10',
      isPaused: false,
      began: 'resumed bob null',
      ended: 'rescheduled ann null',
      name: undefined,
    },
    { rev: 9, from: '12:10', to: null, isPaused: false, began: 'rescheduled ann half past', ended: null, name: 'late' },
  ]);
  const fires = timeline.revisions.map((revision) => {
    const times: string[] = [];
    for (let at = fireTimeAfter(revision, 0); at !== null && times.length < 3; at = fireTimeAfter(revision, at))
      times.push(new Date(at).toISOString().slice(11, 16));
    return times;
  });
  expect(fires).toEqual([['09:00', '10:00'], [], ['12:00'], ['12:30', '13:30', '14:30']]);
});

it('has a revision that keeps the next fire go on where the one before ends', () => {
  const pending = '2026-02-01T10:00:00Z';
  const now = record(HOURLY, { at: '2026-02-01T10:00:05Z', first: pending }, { name: 'late' });
  const before = record(HOURLY, { at: '2026-02-01T08:30:00Z' });
  const { revisions } = handMade({
    now: '2026-02-01T10:00:10Z',
    job: { rev: 4, generation: 3, record: now },
    pending,
    entries: [changed('2026-02-01T10:00:06Z', 3, 3, { what: 'modified', was: { since: before.since, name: null } })],
  });
  const [old, young] = revisions;
  expect(old && fireTimeBefore(old, Number.MAX_SAFE_INTEGER)).toBe(ms('2026-02-01T09:00:00Z'));
  expect(young?.first).toBe(ms(pending));
});

it('knows jobs that ended, that were added again, and what was set aside', () => {
  const last = record(date('2026-01-15T00:00:00Z'), { at: '2026-02-01T08:00:00Z', first: '2026-01-15T00:00:00Z' });
  const again = record(HOURLY, { at: '2026-02-02T08:00:00Z' });
  const timeline = handMade({
    now: '2026-02-05T00:00:00Z',
    job: { rev: 9, generation: 8, record: again },
    pending: '2026-02-05T01:00:00Z',
    entries: [
      ended('2026-02-01T08:00:01Z', 4, 4, { what: 'finished' }, last),
      ended('2026-02-03T08:00:00Z', 9, 8, { what: 'quarantined' }, again),
      `b${ms('2026-02-04T08:00:00Z')} 9 8`,
    ],
  });
  expect(timeline.revisions.map(({ rev, began, ended: end }) => [rev, began.what, end?.what ?? null])).toEqual([
    [4, 'added', 'finished'],
    [9, 'added', null],
  ]);
  expect(timeline.quarantined).toEqual([{ from: ms('2026-02-03T08:00:00Z'), to: ms('2026-02-04T08:00:00Z') }]);
  expect(timeline.revisions[0] && hasFireTime(timeline.revisions[0], ms('2026-01-15T00:00:00Z'))).toBe(true);
  expect(timeline.knownFrom).toBe(ms('2026-01-01T00:00:00Z'));
});

it('reports from when on it knows, and what it could not read', () => {
  const now = record(HOURLY, { at: '2026-02-01T08:00:00Z' });
  const timeline = handMade({
    now: '2026-02-05T00:00:00Z',
    job: { rev: 9, generation: 8, record: now },
    pending: '2026-02-05T01:00:00Z',
    open: ['x1+0*0', 'nonsense'],
    entries: [`f${ms('2026-02-03T00:00:00Z')}`, 'q17'],
  });
  expect(timeline.speaksFrom).toBe(ms('2026-02-03T00:00:00Z'));
  expect(timeline.unreadable).toHaveLength(3);
  const broken = handMade({
    now: '2026-02-05T00:00:00Z',
    job: { rev: 9, generation: 8, record: { task: 5 } },
    entries: [],
  });
  expect(broken.revisions).toEqual([]);
  expect(broken.unreadable[0]).toContain('cannot be read');
  expect(broken.knownFrom).toBe(Number.POSITIVE_INFINITY);
  expect(handMade({ now: '2026-02-05T00:00:00Z', from: null }).speaksFrom).toBe(Number.POSITIVE_INFINITY);
});

it('finds the last fire time before an instant, however many there are', () => {
  const { revisions } = handMade({
    now: '2026-02-05T00:00:00Z',
    job: { rev: 1, generation: 1, record: record(interval('1s'), { at: '2026-02-01T00:00:00Z' }) },
    pending: '2026-02-05T00:00:01Z',
  });
  const [revision] = revisions;
  if (!revision) throw new Error('there is no revision');
  for (const offset of [1, 999, 1_000, 1_001, 2_000, 86_400_000, 86_400_001]) {
    const instant = ms('2026-02-01T00:00:00Z') + offset;
    const expected = Math.floor((instant - 1) / 1_000) * 1_000;
    const found = expected <= ms('2026-02-01T00:00:00Z') ? null : expected;
    expect(fireTimeBefore(revision, instant), String(offset)).toBe(found);
  }
});

it('of a revision that says nothing of its beginning it is not known how it began', () => {
  const { since: _, ...old } = record(cron('0 * * * *'), { at: '2026-01-02T00:00:00Z' });
  const { revisions } = handMade({
    now: '2026-01-05T00:30:00Z',
    job: { rev: 1, generation: 1, record: old },
    pending: '2026-01-05T01:00:00Z',
  });
  expect(revisions).toMatchObject([{ from: null, began: { what: null } }]);
});

it('where two revisions have a fire time, what was recorded last is of the last one', () => {
  const at = '2026-01-02T00:00:00Z';
  const [first, second] = [
    record(HOURLY, { at }),
    record(HOURLY, { at: '2026-01-02T01:00:30Z', first: '2026-01-02T01:00:00Z' }),
  ];
  const hour = ms('2026-01-02T01:00:00Z');
  const timeline = handMade({
    now: '2026-01-02T01:30:00Z',
    job: { rev: 5, generation: 5, record: second },
    pending: '2026-01-02T02:00:00Z',
    entries: [
      outcomes('2026-01-02T01:00:10Z', `e${hour}+0*1~5`),
      changed('2026-01-02T01:00:30Z', 2, 2, { what: 'rescheduled', was: { since: first.since } }),
    ],
    open: [`x${hour}+0*1~60000`],
  });
  expect(verdictOf(timeline, hour)).toMatchObject({
    kind: 'outcome',
    record: { outcome: 'executed' },
    revision: { rev: 5 },
  });
});

it('if a change was not recorded, the job before it is not known, and an earlier change says nothing of the present job', () => {
  const old = record(HOURLY, { at: '2026-01-02T00:00:00Z' });
  const timeline = handMade({
    now: '2026-01-02T10:30:00Z',
    from: '2026-01-02T09:00:00Z',
    job: {
      rev: 9,
      generation: 9,
      record: record(HOURLY, { at: '2026-01-02T08:00:00Z', first: '2026-01-02T12:00:00Z' }),
    },
    pending: '2026-01-02T12:00:00Z',
    entries: [
      changed('2026-01-02T03:00:00Z', 2, 2, {
        what: 'modified',
        was: { since: old.since },
        first: ms('2026-01-02T04:00:00Z'),
      }),
    ],
  });
  expect(timeline.unreadable).toEqual([]);
  expect(timeline.revisions).toMatchObject([{ rev: 9, first: ms('2026-01-02T12:00:00Z'), began: { what: null } }]);
  expect(timeline.knownFrom).toBe(ms('2026-01-02T09:00:00Z'));
});

it('if a job ended while changes were not recorded, and was added since, it is known to have been gone in between', () => {
  const old = record(HOURLY, { at: '2026-01-02T00:00:00Z' });
  const timeline = handMade({
    now: '2026-01-02T12:30:00Z',
    from: '2026-01-02T09:00:00Z',
    job: { rev: 9, generation: 9, record: record(HOURLY, { at: '2026-01-02T11:30:00Z' }) },
    pending: '2026-01-02T13:00:00Z',
    entries: [changed('2026-01-02T03:00:00Z', 2, 2, { what: 'modified', was: { since: old.since } })],
  });
  expect(timeline.unreadable).toEqual([]);
  expect(timeline.revisions).toMatchObject([{ rev: 9, began: { what: 'added' } }]);
  expect(timeline.knownFrom).toBe(ms('2026-01-02T09:00:00Z'));
  expect(verdictOf(timeline, ms('2026-01-02T10:00:00Z'))).toMatchObject({ kind: 'not_existing' });
  expect(verdictOf(timeline, ms('2026-01-02T08:00:00Z'))).toMatchObject({ kind: 'unknown_before' });
});
