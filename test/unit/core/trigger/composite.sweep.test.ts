import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  and,
  calendarInterval,
  compileTrigger,
  cron,
  date,
  interval,
  newestFireTimes,
  or,
  type Trigger,
} from '../../../../packages/core/src/trigger/index.js';
import { leastCpuMs } from '../../../support/cpu-time.js';
import { sweep } from '../../../support/sweep.js';
import { isSmallEnough } from './arbitraries.js';
import { type Dst, type Judge, judge } from './wall-clock-judge.js';

const MINUTE = 60_000;

const firesOf = (trigger: Trigger, after: string, count = 3) => {
  const compiled = compileTrigger(trigger, { now: new Date('2026-01-01T00:00Z') });
  const fires: string[] = [];
  for (let fire = compiled.next(new Date(after)); fire && fires.length < count; fire = compiled.next(fire)) {
    fires.push(fire.toISOString().replace(/:00\.000Z$/, ''));
  }
  return fires;
};

describe('and, or', () => {
  it('are frozen data that holds their triggers', () => {
    const trigger = and(cron('@daily'), or(interval('5m'), date('2026-01-01T00:00Z')));
    expect(trigger).toStrictEqual({
      type: 'and',
      triggers: [
        { type: 'cron', expression: '@daily' },
        {
          type: 'or',
          triggers: [
            { type: 'interval', minutes: 5 },
            { type: 'date', at: '2026-01-01T00:00:00.000Z' },
          ],
        },
      ],
    });
    expect(Object.isFrozen(trigger.triggers) && Object.isFrozen(trigger.triggers[0])).toBe(true);
  });

  it('or fires once for what several name, and goes on when one has ended', () => {
    const trigger = or(cron('0 */12 * * *', { endAt: '2026-01-02T00:00Z' }), cron('0 0 * * *'), interval('36h'));
    expect(firesOf(trigger, '2026-01-01T00:00Z', 5)).toEqual([
      '2026-01-01T12:00',
      '2026-01-02T00:00',
      '2026-01-02T12:00',
      '2026-01-03T00:00',
      '2026-01-04T00:00',
    ]);
  });

  it('and of intervals is an interval', () => {
    const startAt = '2026-01-01T00:00:00Z';
    const both = and(interval({ minutes: 6, startAt }), interval({ minutes: 10, startAt: '2026-01-01T00:02:00Z' }));
    expect(firesOf(both, '2026-01-01T00:00Z')).toEqual(['2026-01-01T00:12', '2026-01-01T00:42', '2026-01-01T01:12']);
    const odd = and(interval({ milliseconds: 999_983, startAt }), interval({ milliseconds: 999_979, startAt }));
    expect(compileTrigger(odd).nextMs(Date.parse(startAt))).toBe(Date.parse(startAt) + 999_983 * 999_979);
  });

  it('and of a date is that date, if all name it', () => {
    expect(firesOf(and(date('2026-03-01T00:00Z'), cron('@monthly')), '2026-01-01T00:00Z')).toEqual([
      '2026-03-01T00:00',
    ]);
    expect(firesOf(and(date('2026-03-02T00:00Z'), cron('@monthly')), '2026-01-01T00:00Z')).toEqual([]);
  });

  it('and of mixed kinds agrees where all do', () => {
    const trigger = and(
      calendarInterval({ months: 1, hour: 9, startDate: '2026-01-31', timezone: 'Europe/Berlin' }),
      cron({ dayOfWeek: 'mon-fri', hour: '*' }, { timezone: 'Europe/Berlin' }),
    );
    expect(firesOf(trigger, '2026-01-01T00:00Z')).toEqual(['2026-03-31T07:00', '2026-07-31T07:00', '2026-08-31T07:00']);
  });

  it('and names nothing before 1970 or after 2099', () => {
    const trigger = compileTrigger(and(cron('@yearly'), cron('@monthly')));
    expect(trigger.next(new Date('1950-01-01T00:00Z'))).toEqual(new Date(0));
    expect(trigger.nextMs(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(trigger.next(new Date('2098-12-31T00:00Z'))).toEqual(new Date('2099-01-01T00:00Z'));
    expect(trigger.next(new Date('2099-01-01T00:00Z'))).toBeNull();
    expect(trigger.nextMs(Number.NaN)).toBeNull();
    expect(compileTrigger(and(date('2100-01-01T00:00Z'))).nextMs(0)).toBe(Date.UTC(2100, 0, 1));
  });
});

const at = { startAt: '2026-01-01T00:00:00Z' };
const berlin = { timezone: 'Europe/Berlin' };

/** None of these ever agrees. If only walking could show that, it would take minutes. */
const NEVER: readonly (readonly [what: string, trigger: Trigger])[] = [
  ['times of day', and(cron('0 9 * * *', berlin), cron('0 10 * * *', berlin))],
  ['days', and(cron('0 0 31 * *', berlin), cron('0 0 * 2 *', berlin))],
  ['odd and even days', and(cron('0 9 1-31/2 * *', berlin), cron('0 9 2-30/2 * *', berlin))],
  ['odd and even minutes', and(cron('*/2 * * * *', berlin), cron('1/2 * * * *', berlin))],
  ['odd and even seconds', and(cron('*/2 * * * * *', berlin), cron('1/2 * * * * *', berlin))],
  ['weekdays of each second', and(cron('* * * * * 1', berlin), cron('* * * * * 2', berlin))],
  ['zones', and(cron('*/10 * * * *', { timezone: 'Asia/Kathmandu', startAt: at.startAt }), cron('*/10 * * * *'))],
  ['intervals', and(interval({ minutes: 2, ...at }), interval({ minutes: 2, startAt: '2026-01-01T00:01:00Z' }))],
  ['milliseconds', and(interval({ milliseconds: 250, startAt: '2026-01-01T00:00:00.100Z' }), cron('* * * * * *'))],
  ['an interval of a week', and(interval({ days: 7, startAt: '2026-01-05T09:00:00Z' }), cron('0 9 * * 2'))],
  ['an interval and a weekday', and(interval({ minutes: 7, startAt: '2026-01-01T09:00:00Z' }), cron('0 9 * * 1'))],
  [
    'what has ended',
    and(cron('@daily', { endAt: '2026-01-05T00:00:00Z' }), cron('@daily', { startAt: '2026-01-06T00:00:00Z' })),
  ],
  ['nests', and(or(cron('0 9 * * *'), cron('0 10 * * *')), or(cron('0 11 * * *'), cron('0 12 * * *')))],
  ['fields', and(cron({ week: '1-26' }), cron({ month: '9-11', day: '*' }))],
];

describe('and ends where its triggers never agree', () => {
  it.each(NEVER)('on %s', (_, trigger) => {
    for (const after of [0, Date.UTC(2026, 5, 1), Date.UTC(2099, 11, 31)]) {
      expect(compileTrigger(trigger).nextMs(after)).toBeNull();
    }
    // The changes of a zone are read once in a process, above.
    const took = leastCpuMs(5, 100, () => compileTrigger(trigger).nextMs(Date.UTC(2026, 5, 1)));
    // Five times the usual time; walking would take minutes.
    expect(took).toBeLessThan(100);
  });

  it('and is found where they agree by a shift out of a gap only', () => {
    const two = cron('30 2 * * *', berlin);
    const gaps = ['2026-03-29T01:30', '2027-03-28T01:30', '2028-03-26T01:30'];
    expect(firesOf(and(two, cron('30 3 * * *', berlin)), '2026-01-01T00:00Z')).toEqual(gaps);
    expect(
      firesOf(and(two, cron('30 * * * *', berlin), cron({ hour: 3, minute: '*' }, berlin)), '2026-01-01T00:00Z'),
    ).toEqual(gaps);
    // In summer, 03:30 in Berlin is 01:30 in UTC, and 02:30 is not.
    expect(firesOf(and(two, cron('30 1 * 4-10 *'), interval({ minutes: 15, ...at })), '2026-03-28T12:00Z')).toEqual([
      '2026-10-26T01:30',
      '2026-10-27T01:30',
      '2026-10-28T01:30',
    ]);
    expect(firesOf(and(two, cron('30 1 25-31 3 *')), '2026-03-28T12:00Z', 2)).toEqual([
      '2026-03-29T01:30',
      '2027-03-25T01:30',
    ]);
    // In Nuuk the gap is the last hour of Saturday.
    const nuuk = { timezone: 'America/Nuuk' };
    const saturday = and(cron('30 23 * * 6', nuuk), cron('30 0 * * 0', nuuk));
    expect(firesOf(saturday, '2026-01-01T00:00Z', 2)).toEqual(['2026-03-29T01:30', '2027-03-28T01:30']);
  });

  it('and is found where they rarely do', () => {
    const leapMonday = and(cron('0 0 29 2 *', berlin), cron('0 0 * * 1', berlin));
    expect(firesOf(leapMonday, '2026-01-01T00:00Z')).toEqual(['2044-02-28T23:00', '2072-02-28T23:00']);
    const rare = compileTrigger(and(interval({ minutes: 1_439, ...at }), cron('*/7 9 * * 1')));
    const expected: number[] = [];
    for (let time = Date.parse(at.startAt); expected.length < 5; time += 1_439 * MINUTE) {
      const clock = new Date(time);
      if (clock.getUTCDay() === 1 && clock.getUTCHours() === 9 && clock.getUTCMinutes() % 7 === 0) expected.push(time);
    }
    expect(expected.map((_, index) => rare.nextMs(expected[index - 1] ?? 0))).toEqual(expected);
  });

  it('nests that multiply out without end are refused', () => {
    const ten = or(...Array.from({ length: 11 }, (_, hour) => cron({ hour })));
    expect(() => compileTrigger(and(ten, ten))).toThrow('has more than 100 combinations');
    expect(() => compileTrigger(and(or(and(ten, ten), ten), ten))).toThrow(
      expect.objectContaining({ code: 'INVALID_TRIGGER' }),
    );
  });
});

/** A trigger, and the minutes at which it fires, from code that shares nothing with it. */
interface Judged {
  readonly trigger: Trigger;
  readonly fires: (place: Place) => ReadonlySet<number>;
}

interface Place {
  readonly from: number;
  readonly to: number;
  readonly judges: ReadonlyMap<string, Judge>;
}

const ZONES = ['UTC', 'Europe/Berlin', 'America/Nuuk', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];

const places = ['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-04-04T15:00Z', '2011-12-30T10:00Z'].map(
  (middle): Place => {
    const judges = new Map(ZONES.map((zone) => [zone, judge(zone, middle)]));
    const { from = 0, to = 0 } = judges.get('UTC') ?? {};
    return { from, to, judges };
  },
);

const RULES: readonly Dst[] = (['shift', 'skip'] as const).flatMap((gap) =>
  (['first', 'second', 'both'] as const).map((fold) => ({ gap, fold })),
);

const judgedCrons: fc.Arbitrary<Judged> = fc
  .record({
    minutes: fc.constantFrom<number[]>([0], [30], [0, 30], [15, 45], [0, 10, 20, 30, 40, 50]),
    hours: fc.constantFrom<number[]>([0, 12], [1, 2, 3], [2], [3], [0, 1, 23], [2, 4, 6, 8, 10]),
    weekdays: fc.constantFrom<number[]>([0, 1, 2, 3, 4, 5, 6], [0, 6], [1, 2, 3, 4, 5]),
    timezone: fc.constantFrom(...ZONES),
    dst: fc.constantFrom(...RULES),
  })
  .map(({ minutes, hours, weekdays, timezone, dst }) => ({
    trigger: cron(`${minutes} ${hours} * * ${weekdays}`, { timezone, dst }),
    fires: ({ judges }) => {
      const named = (clock: Date) =>
        minutes.includes(clock.getUTCMinutes()) &&
        hours.includes(clock.getUTCHours()) &&
        weekdays.includes(clock.getUTCDay());
      return new Set(judges.get(timezone)?.fires(named, dst));
    },
  }));

const judgedIntervals: fc.Arbitrary<Judged> = fc
  .record({ minutes: fc.constantFrom(1, 5, 15, 45, 60, 1_440), offset: fc.integer({ min: 0, max: 3 }) })
  .map(({ minutes, offset }) => {
    const anchor = Date.UTC(2011, 0, 1) + offset * 15 * MINUTE;
    return {
      trigger: interval({ minutes, startAt: new Date(anchor) }),
      fires: ({ from, to }) => {
        const fires = new Set<number>();
        for (let time = anchor; time <= to; time += minutes * MINUTE) if (time > from) fires.add(time);
        return fires;
      },
    };
  });

const leaf = fc.oneof({ weight: 4, arbitrary: judgedCrons }, { weight: 1, arbitrary: judgedIntervals });

function joined(parts: fc.Arbitrary<Judged>, maxLength = 2): fc.Arbitrary<Judged> {
  return fc.tuple(fc.boolean(), fc.array(parts, { minLength: 1, maxLength })).map(([all, judged]) => {
    const triggers = judged.map(({ trigger }) => trigger);
    return {
      trigger: all ? and(...triggers) : or(...triggers),
      fires: (place) => {
        const sets = judged.map(({ fires }) => fires(place));
        const union = new Set(sets.flatMap((set) => [...set]));
        return all ? new Set([...union].filter((time) => sets.every((set) => set.has(time)))) : union;
      },
    };
  });
}

const nests = fc
  .oneof(joined(leaf, 3), joined(fc.oneof(leaf, joined(leaf))), joined(joined(joined(leaf))))
  .filter(({ trigger }) => isSmallEnough(trigger));

describe('nested and, or', () => {
  it('agree on a clock that is off by seconds: until 1972, Monrovia was 44 minutes and 30 seconds behind', () => {
    const liberia = cron('30 0 * * * *', { timezone: 'Africa/Monrovia' });
    const { nextMs } = compileTrigger(and(cron('0 45 * * * *'), liberia));
    expect([nextMs(0), nextMs(Date.UTC(1971, 0))]).toEqual([2_700_000, Date.UTC(1971, 0, 1, 0, 45)]);
    expect(nextMs(Date.UTC(1972, 0, 7))).toBeNull();
  });

  it('agree in a gap of a day, which shifts a Friday to a Saturday, though no day is both', () => {
    const noonIn = (days: string) => cron(`0 0,12 * * ${days}`, { timezone: 'Pacific/Apia' });
    const { next } = compileTrigger(and(noonIn('sat,sun'), noonIn('mon-fri')));
    const first = next(new Date('2011-01-01T00:00Z'));
    expect([first, next(first ?? new Date(Number.NaN))]).toEqual([
      new Date('2011-12-30T10:00Z'),
      new Date('2011-12-30T22:00Z'),
    ]);
  });

  it('fire when a judge says, around changes of clocks, asked from anywhere', () => {
    let fired = 0;
    fc.assert(
      fc.property(nests, fc.constantFrom(...places), fc.integer({ min: 7, max: 977 }), (nest, place, stride) => {
        const expected = [...nest.fires(place)].sort((a, b) => a - b);
        const { nextMs } = compileTrigger(nest.trigger);
        const walked: number[] = [];
        for (let fire = nextMs(place.from); fire !== null && fire <= place.to; fire = nextMs(fire)) walked.push(fire);
        expect(walked).toEqual(expected);
        fired += walked.length > 0 ? 1 : 0;
        let later = 0;
        for (let asked = place.from; asked < (expected.at(-1) ?? 0); asked += stride * MINUTE - 1) {
          while ((expected[later] ?? 0) <= asked) later++;
          const answer = nextMs(asked);
          if (answer !== expected[later]) expect(answer, `from ${asked}`).toBe(expected[later]);
        }
      }),
      { numRuns: sweep(6, 300) },
    );
    expect(fired).toBeGreaterThan(sweep(0, 150));
  });

  it('delay a fire by less than the longest jitter of those that name it, and never to the next', () => {
    const nine = cron('0 9 * * *', { jitter: '10m' });
    const hourly = cron('0 * * * *', { jitter: 1_000 });
    const time = (hour: number) => Date.UTC(2026, 0, 1, hour);
    const delays = (trigger: Trigger, hour: number) =>
      Array.from({ length: 300 }, (_, job) => compileTrigger(trigger, { jobId: `job-${job}` }).delayMs(time(hour)));
    const longest = (trigger: Trigger, hour: number) => Math.max(...delays(trigger, hour));
    for (const [trigger, hour, least, most] of [
      [or(nine, hourly), 9, 580_000, 600_000],
      [or(nine, hourly), 10, 900, 1_000],
      [and(nine, hourly, cron('* * * * *')), 9, 580_000, 600_000],
      [or(cron('* * * * *'), and(nine, hourly)), 10, 0, 1],
      [or(nine, cron('* * * * *')), 9, 58_000, 60_000],
    ] as const) {
      const ms = longest(trigger, hour);
      expect([ms, ms >= least && ms < most]).toEqual([ms, true]);
    }
    expect(delays(or(nine, hourly), 9)[7]).toBe(compileTrigger(nine, { jobId: 'job-7' }).delayMs(time(9)));
  });
});

const year = Date.UTC(2026, 0, 1);
const PLANNED: readonly Trigger[] = [
  cron('* * * * * *', berlin),
  interval({ seconds: 1, ...at }),
  cron({ second: '*' }, berlin),
  calendarInterval({ days: 1, months: 1, startDate: '2001-01-31' }),
  or(cron('* * * * * *', berlin), cron('0 9 29 2 *', berlin), interval({ days: 1, ...at })),
  and(cron('* * * * * *', berlin), cron('* 9-17 * * *', berlin)),
  and(interval({ seconds: 293, ...at }), cron('*/5 * * * 1', berlin)),
  and(cron('0 0 29 2 *', berlin), cron('0 0 * * 1', berlin)),
];

it.each(PLANNED)('planning after an outage of a year takes no time: %j', (trigger) => {
  const compiled = compileTrigger(trigger, { now: new Date(year) });
  const plan = (limit: number, boundMs: number) => {
    const first = compiled.nextMs(year) ?? 0;
    return leastCpuMs(8, boundMs, () => newestFireTimes(compiled, { first, until: year + 365 * 86_400_000, limit }));
  };
  plan(1_000, 50);
  expect(plan(1, 5)).toBeLessThan(5);
  expect(plan(1_000, 50)).toBeLessThan(50);
});
