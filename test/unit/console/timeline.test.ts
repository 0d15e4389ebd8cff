import { expect, it } from 'vitest';
import {
  cellsOf,
  isLate,
  placeOf,
  slowPeriod,
  summaryOf,
} from '../../../packages/console/page/src/screens/timeline/cells.ts';
import { periodOf, SPANS, viewOf } from '../../../packages/console/page/src/screens/timeline/spans.ts';

const START = Date.parse('2026-03-29T00:00:00Z');
const HOUR = 3_600_000;
const isoOf = (hour: number) => new Date(START + hour * HOUR).toISOString();

const CODES = [
  'executed',
  'error',
  'cancelled',
  'max_instances',
  'missed',
  'coalesced',
  'waiting',
  'will_fire',
] as const;
type Counts = Partial<Record<(typeof CODES)[number], number>>;

/** A bucket of an hour, as the API returns it. */
function bucket(hour: number, counts: Counts, settledWithinMs: number | null = null, estimated = false) {
  const all = CODES.flatMap((code) => {
    const times = { first: isoOf(hour), last: isoOf(hour + 0.9), settledWithinMs };
    return counts[code] === undefined ? [] : [{ code, count: counts[code], ...times }];
  });
  return { at: isoOf(hour), counts: all, estimated };
}

const PERIOD = { from: START, to: START + 4 * HOUR, cells: 4 };

it('gives each cell the colour of the worst of its fire times, and says of all of them what they were', () => {
  const kinds = CODES.map((code) => cellsOf([bucket(1, { [code]: 2 })], [], PERIOD)[1]?.summary);
  expect(kinds).toEqual([
    ...['2 executed', '2 failed', '2 cancelled', '2 skipped', '2 missed', '2 coalesced', '2 waiting', '2 to come'],
  ]);
  const buckets = [
    bucket(0, { executed: 40, error: 1, will_fire: 2 }),
    bucket(3, { will_fire: 900 }, null, true),
    bucket(4, { executed: 1 }),
    bucket(-1, { executed: 1 }),
  ];
  expect(cellsOf(buckets, [], PERIOD)).toEqual([
    { kind: 'failed', first: START, summary: '1 failed, 40 executed, 2 to come' },
    undefined,
    undefined,
    { kind: 'to come', first: START + 3 * HOUR, summary: 'about 900 to come' },
  ]);
  expect(summaryOf(buckets, [])).toBe('1 failed, 42 executed, 902 to come');
  expect(summaryOf([], [])).toBe('no fire times');
});

it('shows those that began late as a kind of their own', () => {
  const late = [START + 0.5 * HOUR];
  expect(cellsOf([bucket(0, { executed: 3 })], late, PERIOD)[0]).toEqual({
    ...{ kind: 'late', first: START + 0.5 * HOUR, summary: '1 late, 2 executed' },
  });
  expect(cellsOf([bucket(0, { executed: 1 })], late, PERIOD)[0]?.summary).toBe('1 late');
  expect(cellsOf([bucket(1, { executed: 1 })], late, PERIOD)[1]?.summary).toBe('1 executed');
  expect(summaryOf([bucket(0, { executed: 3 }), bucket(1, { executed: 1, error: 1 })], late)).toBe(
    '1 failed, 1 late, 3 executed',
  );
  const reported = (planningMs: number, queueMs: number | null, code = 'executed') => ({
    ...{ instant: isoOf(0), code, evidence: { lateness: { planningMs, queueMs } } },
  });
  expect(isLate(reported(4_000, 2_000))).toBe(true);
  expect(isLate(reported(4_000, null))).toBe(false);
  expect(isLate(reported(6_000, 0, 'error'))).toBe(false);
  expect(isLate({ instant: isoOf(0), code: 'executed', evidence: null })).toBe(false);
});

it('looks for late ones where some run was slow, and at no more than a number of the newest', () => {
  const quick = bucket(0, { executed: 50 }, 40);
  const slow = (hour: number, executed = 50) => bucket(hour, { executed }, 6_000);
  const of = (buckets: ReturnType<typeof bucket>[], most = 200) => {
    const period = slowPeriod({ buckets, bucketMs: HOUR }, most);
    return period && [placeOf(period.from, PERIOD), placeOf(period.to, PERIOD)];
  };
  expect(of([quick, bucket(1, { error: 1 }, 9_000)])).toBeNull();
  expect(of([quick, slow(1), quick])).toEqual([1, 1]);
  expect(of([slow(0), bucket(1, { executed: 50 }, 40), slow(2), bucket(3, { will_fire: 900 })])).toEqual([0, 2]);
  expect(of([slow(0), slow(1), slow(2)], 100)).toEqual([1, 2]);
  expect(of([slow(0, 201)])).toBeNull();
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
