import { compileTrigger, cron } from '@carillon/core';
import { expect, it } from 'vitest';

const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Returns the first fire time, 'nothing' if there is none, or null if the fields are refused because they never fire. */
function first(fields: object, timezone: string): number | null | 'nothing' {
  try {
    return compileTrigger(cron(fields, { timezone })).nextMs(Date.UTC(1969, 0, 1)) ?? 'nothing';
  } catch (error) {
    expect((error as Error).message).toMatch(
      /^cron: fields .* never fire in .*: all that they name is after the year 9999/,
    );
    return null;
  }
}

it('what never fires at either end of the years is refused as it is compiled, in all zones', () => {
  const wrong: string[] = [];
  let refused = 0;
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    const last = first({ year: 9999, month: 12, day: 31, hour: 23, minute: 30 }, zone);
    const earliest = first({ year: 1970, month: 1, day: 1, hour: 0, minute: 0 }, zone);
    if (last === null) refused += 1;
    if (last === 'nothing' || (last !== null && last > LAST)) wrong.push(`${zone}: ${last}`);
    if (earliest === null || earliest === 'nothing') wrong.push(`${zone}: ${earliest}`);
  }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(100);
  expect(first({ year: 9999, month: 12, day: 31, hour: 12, minute: 30 }, 'Pacific/Pago_Pago')).toBeGreaterThan(0);
});
