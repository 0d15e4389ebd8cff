import { expect, it } from 'vitest';
import { cellsOf, clockChanges, kindOf, summaryOf } from '../../../packages/console/page/src/screens/timeline/cells.ts';
import { periodOf, SPANS, viewOf } from '../../../packages/console/page/src/screens/timeline/spans.ts';

const START = Date.parse('2026-03-29T00:00:00Z');
const HOUR = 3_600_000;
const told = (code: string, hour: number, evidence: unknown = {}) => ({
  ...{ code, evidence },
  instant: new Date(START + hour * HOUR).toISOString(),
});

it('says of each fire time what it was, and nothing of what is none', () => {
  const late = { lateness: { planningMs: 4_000, queueMs: 2_000 } };
  const punctual = { lateness: { planningMs: 40, queueMs: null } };
  const kinds = [
    ['executed', {}, 'executed'],
    ['executed', punctual, 'executed'],
    ['executed', late, 'late'],
    ['error', late, 'failed'],
    ['missed', {}, 'missed'],
    ['max_instances', {}, 'skipped'],
    ['coalesced', {}, 'coalesced'],
    ['cancelled', {}, 'cancelled'],
    ['waiting', {}, 'waiting'],
    ['store_paused', {}, 'waiting'],
    ['will_fire', {}, 'to come'],
    ['not_named', {}, null],
    ['toString', {}, null],
    ['executed', null, 'executed'],
  ] as const;
  for (const [code, evidence, kind] of kinds) expect([code, kindOf(told(code, 0, evidence))]).toEqual([code, kind]);
});

it('puts fire times into cells, of which the worst gives the colour', () => {
  const period = { from: START, to: START + 4 * HOUR, cells: 4 };
  const all = [
    told('executed', 0),
    told('error', 0.5),
    told('executed', 0.9),
    told('will_fire', 3),
    told('executed', 4),
  ];
  expect(cellsOf(all, period)).toEqual([
    { kind: 'failed', count: 3 },
    undefined,
    undefined,
    { kind: 'to come', count: 1 },
  ]);
  expect(cellsOf([told('executed', -0.1)], period)).toEqual([undefined, undefined, undefined, undefined]);
  expect(summaryOf(all)).toBe('1 failed, 3 executed, 1 to come');
  expect(summaryOf([told('not_named', 0)])).toBe('no fire times');
});

it('marks the cells in which a clock is changed', () => {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeZoneName: 'longOffset' });
  const offsetAt = (at: number) => format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  expect(clockChanges({ from: START, to: START + 4 * HOUR, cells: 4 }, offsetAt)).toEqual([0]);
  expect(clockChanges({ from: START + HOUR, to: START + 5 * HOUR, cells: 4 }, offsetAt)).toEqual([]);
  expect(clockChanges({ from: START, to: START + 365 * 24 * HOUR, cells: 365 }, offsetAt)).toEqual([0, 210, 364]);
});

it('shows a period around what the address says, or around the present', () => {
  for (const [span, length] of Object.entries(SPANS)) {
    const { from, to } = periodOf(viewOf(span, '', START));
    expect(to - from).toBe(length);
    expect(from).toBeLessThan(START);
    expect(to).toBeGreaterThan(START);
  }
  const view = viewOf('week', '2026-10-25T01:00:00Z', START);
  expect(view).toEqual({ span: 'week', middle: Date.parse('2026-10-25T01:00:00Z') });
  expect(viewOf('constructor', 'soon', START)).toEqual({ span: 'day', middle: START });
});
