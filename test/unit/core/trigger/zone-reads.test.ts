import { afterEach, expect, it, vi } from 'vitest';
import { changesOfZone } from '../../../../packages/core/src/trigger/zone-changes.js';
import { offsetReader } from '../../../../packages/core/src/trigger/zone-offset.js';
import { type OffsetPeriod, periodsOfZone } from '../../../../packages/core/src/trigger/zone-periods.js';

const DAY = 86_400_000;
const at = (text: string) => Date.parse(text);

afterEach(() => vi.restoreAllMocks());

function countedReader(name: string) {
  const offsetAt = vi.fn(offsetReader(name) ?? (() => 0));
  return { offsetAt, periods: periodsOfZone(offsetAt), reads: () => offsetAt.mock.calls.length };
}

function periodOf(periods: readonly OffsetPeriod[], instant: number): OffsetPeriod | undefined {
  return periods.find(({ start, end }) => start <= instant && instant < end);
}

it('the first questions about a zone read the weeks around them, not years', () => {
  const { periods, reads } = countedReader('Europe/Berlin');
  periods(at('2026-11-29T08:00:00Z'));
  expect(reads()).toBeLessThanOrEqual(8);
  periods(at('2026-12-10T08:00:00Z'));
  expect(reads()).toBeLessThanOrEqual(8);
  periods(at('2027-03-27T08:00:00Z'));
  expect(reads()).toBeLessThanOrEqual(32);
  const { periods: others, reads: of } = countedReader('Asia/Gaza');
  for (let month = 0; month < 130 * 12; month++) others(Date.UTC(1970, month, 1));
  // 62 a year on average.
  expect(of()).toBeLessThanOrEqual(8_300);
});

/** Zones with short spells (2000, 2040, 2054), double changes, a day left out, half hours, Ramadan, and changes at midnight. */
const NAMES = [
  'America/Recife',
  'Asia/Gaza',
  'Antarctica/Troll',
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'America/Santiago',
];

it('a first question is answered as one that follows many, wherever a change is near', () => {
  for (const name of NAMES) {
    const offsetAt = offsetReader(name);
    if (!offsetAt) throw new Error(name);
    const changesOf = changesOfZone(offsetAt);
    for (const year of [2000, 2011, 2026, 2040, 2054]) {
      for (const change of changesOf(year)) {
        for (const days of [-40, -29, -8, -3.1, -2, -0.04, 0, 0.04, 1.9, 3.1, 8]) {
          const instant = change.at + days * DAY;
          const period = periodOf(periodsOfZone(offsetAt)(instant), instant);
          const where = `${name} ${new Date(instant).toISOString()}`;
          expect({ where, offset: period?.offset }).toEqual({ where, offset: offsetAt(instant) });
          // A change is known up to two days before and after it.
          if (days < 0 && days >= -2) expect(period).toMatchObject({ end: change.at, after: change.after });
          if (days >= 0 && days < 2) expect(period).toMatchObject({ start: change.at, before: change.before });
        }
      }
    }
  }
});
