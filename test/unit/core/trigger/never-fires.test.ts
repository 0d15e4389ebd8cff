import { describe, expect, it, vi } from 'vitest';
import {
  and,
  calendarInterval,
  compileTrigger,
  cron,
  type DaylightSaving,
  date,
  interval,
  or,
  preview,
  type Trigger,
} from '../../../../packages/core/src/trigger/index.js';
import { cpuMs } from '../../../support/cpu-time.js';

/** Times that lie in the gap of each year, as the zones' rules are in 2026. */
const GAPS = [
  ['Europe/Berlin', '30 2 * 3 0L', { month: 3, day: 'last sun', hour: 2, minute: 30 }],
  ['Europe/London', '*/20 1 * 3 0L', { month: 3, day: 'last sun', hour: 1, minute: '*/20' }],
  ['America/New_York', '* 2 * 3 0#2', { month: 3, day: '2nd sun', hour: 2, minute: '*' }],
  ['Australia/Sydney', '15 2 * 10 0#1', { month: 10, day: '1st sun', hour: 2, minute: 15 }],
  ['Australia/Lord_Howe', '15 2 * 10 0#1', { month: 10, day: '1st sun', hour: 2, minute: '0-29' }],
  ['Pacific/Auckland', '0 2 * 9 0L', { month: 9, day: 'last sun', hour: 2, minute: 0 }],
] as const;
const FOLDS = ['first', 'second', 'both'] as const;
const skip = (fold: DaylightSaving['fold']) => ({ gap: 'skip', fold }) as const;

const OLD_NAMES = [
  ...['Alaska', 'Aleutian', 'Arizona', 'Central', 'East-Indiana', 'Eastern'].map((name) => `US/${name}`),
  ...['Hawaii', 'Indiana-Starke', 'Michigan', 'Mountain', 'Pacific', 'Samoa'].map((name) => `US/${name}`),
  ...['Atlantic', 'Central', 'Eastern', 'Mountain', 'Newfoundland', 'Pacific'].map((name) => `Canada/${name}`),
  ...['Canada/Saskatchewan', 'Canada/Yukon', 'Chile/Continental', 'Chile/EasterIsland'],
  ...['Brazil/Acre', 'Brazil/DeNoronha', 'Brazil/East', 'Brazil/West'],
  ...['Mexico/BajaNorte', 'Mexico/BajaSur', 'Mexico/General'],
  ...['ACT', 'Canberra', 'LHI', 'NSW', 'North', 'Queensland'].map((name) => `Australia/${name}`),
  ...['South', 'Tasmania', 'Victoria', 'West', 'Yancowinna'].map((name) => `Australia/${name}`),
  ...['Navajo', 'NZ-CHAT', 'GB-Eire', 'W-SU', 'Kwajalein', 'Hongkong', 'PRC', 'ROC'],
];
const ZONES = Intl.supportedValuesOf('timeZone').filter((_, index) => index % 8 === 3);

describe('what can never fire is refused when it is compiled', () => {
  it('times that a gap skips each year, in under 100 ms, and no other rule loses them', () => {
    for (const [timezone, expression, fields] of GAPS) {
      for (const fold of FOLDS) {
        const byFields = cron(fields, { timezone, dst: skip(fold) });
        const took = cpuMs(() => {
          expect(() => compileTrigger(byFields)).toThrow(
            expect.objectContaining({
              code: 'INVALID_TRIGGER',
              message: expect.stringMatching(/^cron: fields \{.*\} never fires in .*: its clock skips each time/),
            }),
          );
        });
        // Five times what it may take, because other tests run at the same time.
        expect(took).toBeLessThan(500);
        expect(
          compileTrigger(cron(fields, { timezone, dst: { gap: 'shift', fold } })).nextMs(Date.UTC(2026, 0)),
        ).toBeGreaterThan(0);
        expect(() => compileTrigger(cron(expression, { timezone, dst: skip(fold) }))).toThrow('never fires in');
        // With one more time of day, it is legal.
        const more = cron({ ...fields, hour: `${fields.hour},12` }, { timezone, dst: skip(fold) });
        expect(compileTrigger(more).nextMs(Date.UTC(2026, 0))).toBeGreaterThan(Date.UTC(2026, 0));
      }
    }
  });

  it('one lost time of one year; and what fires in some years only is taken', () => {
    const berlin = { timezone: 'Europe/Berlin', dst: skip('both') };
    expect(() => compileTrigger(cron({ year: 2027, month: 3, day: 28, hour: 2, minute: 30 }, berlin))).toThrow(
      'never fire',
    );
    const only28 = compileTrigger(cron('30 2 28 3 *', berlin));
    expect(new Date(only28.nextMs(Date.UTC(2027, 0)) ?? 0).toISOString()).toBe('2028-03-28T00:30:00.000Z');
    const past = compileTrigger(cron({ year: 2020 }, berlin));
    expect(past.nextMs(Date.UTC(2026, 0))).toBeNull();
  });

  it.each<[() => Trigger, string]>([
    [
      () => cron('@daily', { startAt: '2026-01-02T00:00Z', endAt: '2026-01-01T00:00Z' }),
      'cron: endAt is before startAt',
    ],
    [
      () => interval({ hours: 1, startAt: '2026-01-02T00:00Z', endAt: '2026-01-01T00:00Z' }),
      'interval: endAt is before',
    ],
    [
      () => calendarInterval({ days: 1, startDate: '2026-01-02', endDate: '2026-01-01' }),
      'calendarInterval: endDate is before',
    ],
    [
      () => cron('0 0 29 2 *', { startAt: '2026-01-01T00:00Z', endAt: '2027-01-01T00:00Z' }),
      'never fires: it names no time',
    ],
    [() => cron({ year: 2020 }, { startAt: '2026-01-01T00:00Z' }), 'never fires: it names no time'],
    [() => cron({ year: 2030 }, { endAt: '2026-01-01T00:00Z' }), 'never fires: it names no time'],
  ])('windows that hold no fire: case %#', (make, message) => {
    expect(() => compileTrigger(make())).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
  });

  it('an and of 10 zones that never agree ends soon, though no zone was read before', () => {
    const daily = ZONES.slice(0, 10).map((timezone) => cron('0 9 * * *', { timezone }));
    const took = cpuMs(() => {
      expect(compileTrigger(and(...daily)).nextMs(Date.UTC(2026, 10, 28))).toBeNull();
    });
    // It once took 900 ms. Other processes share the processor's caches.
    expect(took).toBeLessThan(250);
  });

  it('an and of daily crons in 50 zones ends soon, whether they agree or not', () => {
    const inZones = (zones: readonly string[], hour = 9) =>
      zones.map((timezone) => cron(`0 ${hour} * * *`, { timezone }));
    const central = 'Berlin Paris Rome Madrid Vienna Prague Warsaw Oslo Stockholm Zurich Brussels Malta'.split(' ');
    const europe = central.map((city) => `Europe/${city}`);
    const cases: readonly (readonly [readonly string[], string | null])[] = [
      [ZONES.slice(0, 50), null],
      [europe, '2026-11-28T08:00:00.000Z'],
      // In winter the first differs from Europe, in summer the second does.
      [[...europe, 'Africa/Johannesburg', 'Africa/Lagos'], null],
    ];
    for (const [zones, fire] of cases) {
      let found: Date | null = null;
      const took = cpuMs(() => {
        found = compileTrigger(and(...inZones(zones))).next(new Date('2026-11-28T00:00Z'));
      });
      expect(found).toEqual(fire === null ? null : new Date(fire));
      // In a new process, it takes 60 ms; in 50 zones it once took 2,000. Other tests run at the same time.
      expect(took).toBeLessThan(300);
    }
  });

  it('an and that is refused for its zones has read few of them: each takes a millisecond in a new process', () => {
    const read = vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions');
    // Old zone names that no other test reads. Files share their process, and some read every zone that has a current name.
    const zones = OLD_NAMES;
    const list = (least: number, most: number) =>
      Array.from({ length: most - least }, (_, index) => index + least).join();
    const fields = {
      year: list(2000, 2102),
      month: list(1, 12),
      day: list(1, 31),
      hour: list(0, 23),
      minute: list(0, 59),
    };
    const trigger = and(...zones.map((timezone, index) => cron({ ...fields, second: index }, { timezone })));
    expect(() => compileTrigger(trigger)).toThrow('costs 14 or more');
    expect(read).toHaveBeenCalledTimes(4);
    read.mockRestore();
  });

  it('lists that are as long as they can be are searched soon, where their years have no day in common', () => {
    const but = (left: number, least: number, most: number) =>
      Array.from({ length: most - least }, (_, index) => index + least)
        .filter((value) => value !== left)
        .join();
    const days = Array.from({ length: 31 }, (_, left) => left + 1);
    const one = (left: number) =>
      cron({ year: but(2000 + left, 2000, 2102), day: but(left, 1, 32), hour: but(left % 12, 0, 24) });
    const { nextMs } = compileTrigger(and(...days.map(one)));
    expect(nextMs(0)).toBeNull();
    // Without the cron that leaves out the 31st, one day is left of the months that have it.
    const others = compileTrigger(and(...days.slice(0, 30).map(one)));
    expect(others.next(new Date('2050-02-01T00:00Z'))).toEqual(new Date('2050-03-31T12:00Z'));
  });

  it('an and whose search would block its process is refused when it is compiled', () => {
    const daily = (count: number, hour = 9) =>
      ZONES.slice(0, count).map((timezone) => cron(`0 ${hour} * * *`, { timezone }));
    const every = (count: number) => Array.from({ length: count }, (_, index) => interval({ seconds: 61 + index }));
    const hourly = (zones: number) => ZONES.slice(0, zones).map((timezone) => cron('0 * * * 1', { timezone }));
    const leapDays = (count: number, zones: number) =>
      Array.from({ length: count }, (_, index) =>
        and(interval({ minutes: 1_441 + index }), cron('0 9 29 2 *', { timezone: ZONES[index % zones] })),
      );
    const costs = (cost: number) =>
      `costs ${cost} or more by its zones, intervals and combinations, more than 11; make it`;
    const refused: readonly (readonly [Trigger, string])[] = [
      [and(...hourly(4)), costs(14)],
      [and(...daily(4), cron('0 9 * * 1')), costs(14)],
      [and(...daily(3), interval('7m')), costs(21)],
      [or(and(...daily(3)), and(...daily(3, 10))), costs(15)],
      [or(...leapDays(4, 1)), costs(13)],
      [or(...leapDays(3, 3)), costs(12)],
      [
        and(cron('0 9 * * 1', { timezone: 'Africa/Casablanca' }), cron('@hourly', { timezone: 'Asia/Gaza' })),
        costs(13),
      ],
      [and(or(...daily(50)), cron('@hourly'), cron('0 9 * * *', { timezone: 'Asia/Tokyo' })), 'zones, more than 50'],
      [and(or(...daily(6)), or(...ZONES.slice(6, 12).map((timezone) => cron('@daily', { timezone })))), 'more than 11'],
      [and(...every(11), cron('@daily')), 'have 11 intervals, more than 10'],
      [and(or(...daily(1), ...daily(1), ...every(9)), ...Array(49).fill(cron('@daily'))), 'more than 500 triggers'],
    ];
    for (const [trigger, message] of refused) {
      expect(() => compileTrigger(trigger)).toThrow(
        expect.objectContaining({ code: 'INVALID_TRIGGER', message: expect.stringContaining(message) }),
      );
    }
    // These can name only one instant, wherever it is in the list.
    const once = date('2026-11-28T09:00:00Z');
    expect(compileTrigger(and(...hourly(4), once)).nextMs(0)).toBeNull();
    // None of these has to agree with another.
    expect(compileTrigger(or(...daily(50))).nextMs(0)).toBeGreaterThan(0);
  });

  it('clocks that leave out an hour or a day each, with and without an interval, end soon', () => {
    const but = (left: number, first: number, count: number) =>
      Array.from({ length: count }, (_, index) => first + index)
        .filter((value) => value !== left)
        .join();
    const clocks = (expression: (index: number) => string, zones: number) =>
      Array.from({ length: 49 }, (_, index) => cron(expression(index), { timezone: ZONES[index % zones] }));
    const odd = interval({ milliseconds: 86_399_999, startAt: '1970-01-01T00:00:00Z' });
    const hours = (index: number) => `0 ${but(index % 24, 0, 24)} * * *`;
    const days = (index: number) => `* * ${but((index % 31) + 1, 1, 31)} * *`;
    const parity = (index: number) => `* ${but(index % 24, 0, 24)} ${index % 2 ? '1-31/2' : '2-30/2'} * *`;
    const largest: readonly Extract<Trigger, { type: 'and' }>[] = [
      and(...clocks(hours, 3)),
      and(...clocks(days, 1)),
      and(...clocks(parity, 3)),
      and(...clocks(hours, 2), odd),
      and(...clocks(days, 2), odd),
    ];
    for (const trigger of largest) {
      const compiled = compileTrigger(trigger);
      let fire: number | null = null;
      const took = cpuMs(() => {
        fire = compiled.nextMs(0);
      });
      for (const part of trigger.triggers) {
        if (fire !== null) expect(compileTrigger(part).nextMs(fire - 1)).toBe(fire);
      }
      // With 50 zones, it once took up to 2,600 ms.
      expect(took).toBeLessThan(500);
    }
  });

  it('the largest nests that are taken end soon, though asked from 1970', () => {
    const leapDays = [0, 1, 2].map((index) =>
      and(
        interval({ minutes: 1_441 + index, startAt: '1970-01-01T00:00Z' }),
        cron(`${index} 9 29 2 *`, { timezone: 'Europe/Dublin' }),
      ),
    );
    const calendars = [0, 1].map((hour) =>
      and(
        calendarInterval({ days: 2, hour, startDate: '1970-01-01', timezone: 'Europe/Athens' }),
        calendarInterval({ days: 2, hour, startDate: '1970-01-02', timezone: 'America/Chicago' }),
      ),
    );
    for (const nest of [or(...leapDays), or(...calendars)]) {
      const compiled = compileTrigger(nest);
      // In a new process, it took 40 to 90 ms while other tests ran.
      expect(cpuMs(() => compiled.nextMs(0))).toBeLessThan(250);
    }
  });

  it('10,000 yearly fires are soon listed', () => {
    const yearly = cron('0 9 1 3 *', { timezone: 'Europe/Berlin' });
    const took = cpuMs(() => {
      expect(preview(yearly, { after: new Date('2026-01-01T00:00Z'), count: 10_000 }).fireTimes).toHaveLength(7_974);
    });
    // It once took 3,800 ms, and now takes 100.
    expect(took).toBeLessThan(1_000);
  });
});
