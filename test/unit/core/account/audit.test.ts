import { cron, interval, type Trigger } from '@carillon/core';
import { expect, it } from 'vitest';
import { auditOf, type Finding } from '../../../../packages/core/src/account/audit.js';
import type { Timeline } from '../../../../packages/core/src/account/timeline.js';
import { changed, ended, handMade, ms, outcomes, record } from '../../../support/hand-made-account.js';

function findings(timeline: Timeline, from = '2026-01-01T00:00:00Z', to = '2027-01-01T00:00:00Z') {
  const found: Finding[] = [];
  const steps = auditOf(timeline, {
    from: Math.max(ms(from), timeline.speaksFrom),
    to: Math.min(ms(to), timeline.now),
  });
  let step = steps.next();
  for (; !step.done; step = steps.next()) if (step.value) found.push(step.value);
  const reported = found.map(({ kind, fireTime, outcomes: kept }) => [
    kind,
    new Date(fireTime).toISOString().slice(11, 19),
    ...kept,
  ]);
  return { found: reported, count: step.value };
}

function minutely(trigger: Trigger, open: readonly string[], entries: readonly string[] = []) {
  return handMade({
    now: '2026-02-01T01:00:30Z',
    job: { rev: 1, generation: 1, record: record(trigger, { at: '2026-02-01T00:00:00Z' }) },
    pending: '2026-02-01T01:01:00Z',
    open,
    entries,
  });
}

const FIRST = ms('2026-02-01T00:01:00Z');
const TRIGGERS = [cron('* * * * *'), interval('1m')];

it('finds nothing where each fire time has one outcome', () => {
  for (const trigger of TRIGGERS) {
    expect(findings(minutely(trigger, [`x${FIRST}+60000*60~45`]))).toEqual({ found: [], count: 60 });
    const halves = [`x${FIRST}+120000*30~45`, `e${FIRST + 60_000}+120000*30~45`];
    expect(findings(minutely(trigger, halves))).toEqual({ found: [], count: 60 });
    const entries = [
      outcomes('2026-02-01T00:10:00Z', `x${FIRST}+60000*9~45`),
      outcomes('2026-02-01T00:20:00Z', `o${FIRST + 9 * 60_000}-${FIRST + 18 * 60_000}>${FIRST + 19 * 60_000}`),
      outcomes('2026-02-01T00:30:00Z', `m${FIRST + 20 * 60_000}-${FIRST + 29 * 60_000}`),
    ];
    const open = [`X${FIRST + 12_345}+0*1~4`, `x${FIRST + 19 * 60_000}+0*1~4`, `x${FIRST + 30 * 60_000}+60000*30~4`];
    expect(findings(minutely(trigger, open, entries))).toEqual({ found: [], count: 60 });
  }
});

it('names each that is missing, double, or of no fire time', () => {
  for (const trigger of TRIGGERS) {
    const missing = [`x${FIRST}+60000*10~45`, `x${FIRST + 11 * 60_000}+60000*49~45`];
    expect(findings(minutely(trigger, missing))).toEqual({ found: [['unaccounted', '00:11:00']], count: 60 });
    const double = [`x${FIRST}+60000*60~45`, `e${FIRST + 60_000}+0*1~45`];
    expect(findings(minutely(trigger, double)).found).toEqual([['double', '00:02:00', 'executed', 'error']]);
    const odd = [`x${FIRST}+60000*60~45`, `e${FIRST + 1}+0*1~45`, `c${FIRST + 60_000 * 61}+0*1~1`];
    expect(findings(minutely(trigger, odd)).found).toEqual([['not_named', '00:01:00', 'error']]);
    const last = [`x${FIRST}+60000*59~45`];
    expect(findings(minutely(trigger, last)).found).toEqual([['unaccounted', '01:00:00']]);
    const first = [`x${FIRST + 60_000}+60000*59~45`];
    expect(findings(minutely(trigger, first)).found).toEqual([['unaccounted', '00:01:00']]);
    const range = [outcomes('2026-02-01T00:10:00Z', `m${FIRST + 1}-${FIRST + 2}`)];
    expect(findings(minutely(trigger, [`x${FIRST}+60000*60~45`], range)).found).toEqual([
      ['not_named', '00:01:00', 'missed'],
    ]);
    expect(findings(minutely(trigger, [])).found).toHaveLength(60);
  }
});

it('compares a part of the time alone', () => {
  for (const trigger of TRIGGERS) {
    const timeline = minutely(trigger, [`x${FIRST}+60000*10~45`, `x${FIRST + 20 * 60_000}+60000*40~45`]);
    const part = (from: string, to: string) => findings(timeline, `2026-02-01T${from}Z`, `2026-02-01T${to}Z`);
    expect(part('00:00:00', '00:10:00')).toEqual({ found: [], count: 10 });
    expect(part('00:05:00', '00:12:00').found).toHaveLength(2);
    expect(part('00:20:00', '01:00:30')).toEqual({ found: [], count: 40 });
  }
});

it('knows that a change took fire times away, and that jobs ended', () => {
  const first = record(cron('* * * * *'), { at: '2026-02-01T00:00:00Z' });
  const paused = record(cron('* * * * *'), { at: '2026-02-01T00:10:30Z', first: null });
  const timeline = handMade({
    now: '2026-02-01T02:00:00Z',
    entries: [
      changed('2026-02-01T00:10:31Z', 1, 1, { what: 'paused', was: { since: first.since } }),
      ended('2026-02-01T01:00:00Z', 2, 2, { what: 'removed' }, paused),
      outcomes('2026-02-01T01:00:00Z', `x${FIRST}+60000*10~5`),
    ],
  });
  expect(findings(timeline)).toEqual({ found: [], count: 10 });
  const aside = handMade({
    now: '2026-02-01T02:00:00Z',
    entries: [
      outcomes('2026-02-01T00:05:00Z', `x${FIRST}+60000*4~5`),
      ended('2026-02-01T00:05:01Z', 1, 1, { what: 'quarantined', owed: Date.parse('2026-02-01T00:05:00Z') }, first),
    ],
  });
  expect(findings(aside)).toEqual({ found: [], count: 4 });
});

it('expects two outcomes of a fire time that two revisions have', () => {
  const first = record(cron('* * * * *'), { at: '2026-02-01T00:00:00Z' });
  const now = record(cron('* * * * *'), { at: '2026-02-01T00:02:30Z', first: '2026-02-01T00:01:00Z' });
  const timeline = handMade({
    now: '2026-02-01T00:03:30Z',
    job: { rev: 2, generation: 2, record: now },
    pending: '2026-02-01T00:04:00Z',
    entries: [changed('2026-02-01T00:02:31Z', 1, 1, { what: 'modified', was: { since: first.since } })],
    open: [`x${FIRST}+60000*2~5`, `x${FIRST}+60000*3~5`],
  });
  expect(findings(timeline)).toEqual({ found: [], count: 5 });
});

it('takes a range for the fire times of the trigger that was there as it was written', () => {
  const [from, until] = [FIRST, FIRST + 120_000];
  const startAt = '2026-02-01T00:01:00Z';
  const often = record(interval({ seconds: 30, startAt }), { at: '2026-02-01T00:00:00Z' });
  const rarely = record(interval({ seconds: 60, startAt }), { at: '2026-02-01T00:03:10Z', first: startAt });
  const entries = (ranges: number) => [
    ...Array.from({ length: ranges }, () => outcomes('2026-02-01T00:03:10Z', `m${from}-${until + 60_000}`)),
    changed('2026-02-01T00:03:10Z', 1, 1, { what: 'rescheduled', was: often }),
    outcomes('2026-02-01T00:04:10Z', `m${from}-${until + 60_000}`),
    ended('2026-02-01T00:04:10Z', 2, 2, { what: 'removed', at: ms('2026-02-01T00:04:00Z') - 1 }, rarely),
  ];
  const account = (ranges: number) => findings(handMade({ now: '2026-02-01T00:05:00Z', entries: entries(ranges) }));
  // Every 30 s from 00:01 to 00:03 makes five, and every 60 s makes three more.
  expect(account(1)).toEqual({ found: [], count: 8 });
  expect(account(0).found).toEqual(
    ['00:01:00', '00:01:30', '00:02:00', '00:02:30', '00:03:00'].map((at) =>
      at.endsWith('30') ? ['unaccounted', at] : ['unaccounted', at, 'missed'],
    ),
  );
});

it('takes a range for those of its trigger, though a change that keeps it was decided before the claim and written after it', () => {
  const trigger = interval({ seconds: 60, startAt: '2026-02-01T00:01:00Z' });
  const first = record(trigger, { at: '2026-02-01T00:00:00Z' });
  const now = record(trigger, { at: '2026-02-01T00:01:10Z', first: '2026-02-01T00:01:00Z' });
  const timeline = handMade({
    now: '2026-02-01T00:05:30Z',
    job: { rev: 2, generation: 1, record: now },
    pending: '2026-02-01T00:06:00Z',
    entries: [
      outcomes('2026-02-01T00:05:10Z', `o${FIRST}-${FIRST + 180_000}>${FIRST + 240_000}`),
      changed('2026-02-01T00:05:20Z', 1, 1, { what: 'modified', was: { since: first.since } }),
    ],
    open: [`x${FIRST + 240_000}+0*1~5`],
  });
  expect(findings(timeline)).toEqual({ found: [], count: 5 });
});

it('asks for no outcome of a fire time that is due and not claimed', () => {
  const timeline = handMade({
    now: '2026-02-01T00:03:30Z',
    job: { rev: 1, generation: 1, record: record(cron('* * * * *'), { at: '2026-02-01T00:00:00Z' }) },
    pending: '2026-02-01T00:03:00Z',
    open: [`x${FIRST}+60000*2~45`],
  });
  expect(findings(timeline)).toEqual({ found: [], count: 2 });
});
