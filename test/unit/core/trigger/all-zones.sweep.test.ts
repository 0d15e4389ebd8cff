import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileTrigger, cron } from '../../../../packages/core/src/trigger/index.js';
import { someOf } from '../../../support/sweep.js';
import { clockOf, type Dst, judge } from './wall-clock-judge.js';

const DAY = 86_400_000;
const zones = Intl.supportedValuesOf('timeZone');

/** Returns about when a zone next changes its clocks, up to five years after an instant, or the instant itself. */
function changeAfter(zone: string, instant: number): number {
  const shownAt = clockOf(zone);
  const offset = shownAt(instant) - instant;
  const end = instant + 5 * 366 * DAY;
  for (let time = instant; time < end; time += DAY / 2) if (shownAt(time) - time !== offset) return time - DAY / 2;
  return instant;
}

/** Until then, the clock of Monrovia was half a minute off: too fine for the judge. */
const FIRST = Date.UTC(1972, 1, 1);

const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 3 });
const hours = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 5 }),
  fc.constant(Array.from({ length: 24 }, (_, hour) => hour)),
);
const rules: fc.Arbitrary<Dst> = fc.record({
  gap: fc.constantFrom('shift', 'skip'),
  fold: fc.constantFrom('first', 'second', 'both'),
});

it('in no zone of the runtime a wall-clock time is lost or added at a change, from wherever it is asked', () => {
  expect(zones.length).toBeGreaterThan(400);
  for (const zone of someOf(zones, 4)) {
    const quarters = fc.integer({ min: FIRST / 900_000, max: Date.UTC(2037) / 900_000 });
    fc.assert(
      fc.property(quarters, minutes, hours, fc.option(rules), fc.nat(), (quarter, minute, hour, given, salt) => {
        const judged = judge(zone, new Date(changeAfter(zone, quarter * 900_000)).toISOString(), 1);
        const usual: Dst = hour.length === 24 ? { gap: 'skip', fold: 'both' } : { gap: 'shift', fold: 'first' };
        const named = (clock: Date) => minute.includes(clock.getUTCMinutes()) && hour.includes(clock.getUTCHours());
        const expected = judged.fires(named, given ?? usual);
        const { nextMs } = compileTrigger(
          cron(`${minute} ${hour} * * *`, { timezone: zone, ...(given ? { dst: given } : {}) }),
        );
        let from = judged.from;
        for (const fire of expected) {
          const between = from + (salt % (fire - from));
          for (const asked of [from, between, fire - 1]) {
            const answer = nextMs(asked);
            if (answer !== fire) expect(answer, `${zone} from ${new Date(asked).toISOString()}`).toBe(fire);
          }
          from = fire;
        }
        expect(nextMs(from)).toBeGreaterThan(judged.to);
      }),
      { numRuns: 1 },
    );
  }
});
