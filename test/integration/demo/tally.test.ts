import { describe, expect, test } from 'vitest';

interface Expected {
  readonly jobId: string;
  readonly certain: readonly number[];
  readonly possible: readonly number[];
}
interface Call {
  readonly jobId: string;
  readonly fireTime: number;
  readonly outcome: string;
  readonly began: number;
  readonly ended: number;
  readonly worker: string;
}
interface NotRun {
  readonly jobId: string;
  readonly outcome: string;
  readonly first: number;
  readonly last: number;
}
interface Row {
  readonly expected: number;
  readonly seen: number;
  readonly differences: readonly string[];
}
interface Moment {
  readonly asked: number;
  readonly answered: number;
}
interface Tally {
  compare(all: { expected: readonly Expected[]; calls: readonly Call[]; notRun: readonly NotRun[] }): readonly Row[];
  agrees(rows: readonly Row[]): boolean;
}
interface Reckoning {
  expectedFires(job: object, added: Moment, removed?: Moment): Expected;
}
interface Overlaps {
  overlapsOf(calls: readonly Call[], jobId: string): number;
}

/** The demo is plain JavaScript, so this file declares its types. */
const part = async (file: string) => import(new URL(`../../../examples/demo/${file}`, import.meta.url).href);
const { compare, agrees }: Tally = await part('tally.js');
const { expectedFires }: Reckoning = await part('expected.js');
const { overlapsOf }: Overlaps = await part('overlaps.js');

const call = (fireTime: number, outcome = 'executed', jobId = 'tick'): Call => {
  return { jobId, fireTime, outcome, began: fireTime, ended: fireTime + 1, worker: 'A' };
};
const notRun = (outcome: string, first: number, last = first): NotRun => ({ jobId: 'tick', outcome, first, last });

describe('the tally of the demo', () => {
  const expected = [{ jobId: 'tick', certain: [1_000, 2_000, 3_000, 4_000, 5_000], possible: [6_000] }];
  const calls = [call(1_000), call(5_000, 'failed')];
  const others = [notRun('coalesced', 2_000, 3_000), notRun('skipped', 4_000)];

  test('agrees where each fire time has one outcome, run or not by design', () => {
    const rows = compare({ expected, calls, notRun: others });

    expect(rows).toEqual([
      {
        jobId: 'tick',
        expected: 5,
        seen: 5,
        executed: 1,
        failed: 1,
        skipped: 1,
        coalesced: 2,
        missed: 0,
        differences: [],
      },
    ]);
    expect(agrees(rows)).toBe(true);
  });

  test('takes a fire time that may or may not have counted, but only once', () => {
    expect(compare({ expected, calls: [...calls, call(6_000)], notRun: others })).toMatchObject([
      { expected: 6, seen: 6, differences: [] },
    ]);
    expect(agrees(compare({ expected, calls: [...calls, call(6_000), call(6_000)], notRun: others }))).toBe(false);
  });

  test.each([
    ['a call that was lost', calls.slice(1), others, '00:00:01.000 was lost'],
    ['an event that was lost', calls, others.slice(1), '00:00:02.000 was lost'],
    ['a call made twice', [...calls, call(1_000)], others, '00:00:01.000 has 2 outcomes: executed, executed'],
    ['a call of what did not run', [...calls, call(4_000)], others, '00:00:04.000 has 2 outcomes: executed, skipped'],
    [
      'one within a range',
      calls,
      [...others, notRun('missed', 2_000)],
      '00:00:02.000 has 2 outcomes: coalesced, missed',
    ],
    ['a call at no fire time', [...calls, call(1_500)], others, '00:00:01.500 is not a fire time of it'],
    ['an event of no fire time', calls, [...others, notRun('missed', 7_000)], '00:00:07.000 is not a fire time of it'],
  ])('does not agree with %s', (_, tampered, tamperedOthers, difference) => {
    const rows = compare({ expected, calls: tampered, notRun: tamperedOthers });

    expect(rows[0]?.differences).toContain(difference);
    expect(agrees(rows)).toBe(false);
  });

  test('does not agree where one is lost and another made twice, though the numbers are equal', () => {
    const swapped = [call(5_000, 'failed'), call(5_000, 'failed')];

    const rows = compare({ expected, calls: swapped, notRun: others });

    expect(rows).toMatchObject([{ expected: 5, seen: 5 }]);
    expect(agrees(rows)).toBe(false);
  });

  test('does not agree with a job that was not added', () => {
    expect(agrees(compare({ expected, calls: [...calls, call(1_000, 'executed', 'ghost')], notRun: others }))).toBe(
      false,
    );
  });

  test('does not agree where there is nothing to compare', () => {
    expect(agrees(compare({ expected: [], calls: [], notRun: [] }))).toBe(false);
  });
});

describe('what the demo expects of a job', () => {
  const job = { id: 'tick', trigger: 'interval', fireTimes: [1_000, 2_000, 3_000, 4_000] };

  test('is what lies between adding and removing', () => {
    const added = { asked: 1_400, answered: 1_500 };
    expect(expectedFires(job, added)).toEqual({ jobId: 'tick', certain: [2_000, 3_000, 4_000], possible: [] });
    expect(expectedFires(job, added, { asked: 3_400, answered: 3_500 })).toMatchObject({ certain: [2_000, 3_000] });
  });

  test('leaves open what fell into the moment of a change', () => {
    const added = { asked: 900, answered: 1_100 };
    expect(expectedFires(job, added, { asked: 2_900, answered: 3_100 })).toMatchObject({
      certain: [2_000],
      possible: [1_000, 3_000],
    });
  });

  test('is a date, past or not', () => {
    const late = { id: 'welcome', trigger: 'date', fireTimes: [1_000] };
    expect(expectedFires(late, { asked: 2_000, answered: 2_100 })).toMatchObject({ certain: [1_000], possible: [] });
  });
});

test('calls of a job that ran at the same time are reported', () => {
  const from = (began: number, ended: number, jobId = 'slow'): Call => ({
    ...call(began, 'executed', jobId),
    began,
    ended,
  });

  expect(overlapsOf([from(0, 10), from(10, 20), from(5, 6, 'tick')], 'slow')).toBe(0);
  expect(overlapsOf([from(9, 20), from(0, 10)], 'slow')).toBe(1);
  expect(overlapsOf([from(0, 30), from(5, 6), from(10, 20)], 'slow')).toBe(2);
});
