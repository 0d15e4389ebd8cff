import { compileTrigger, cron } from '@carillon/core';
import { expect, it } from 'vitest';
import { fieldValues } from '../../../../packages/core/src/trigger/field-expression.js';

/** Returns the message, or null if the text is taken. */
function refusal(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const compiled = (trigger: () => Parameters<typeof compileTrigger>[0]) => refusal(() => compileTrigger(trigger()));

it.each([
  [
    '@every 5m',
    'cron: expression "@every 5m" is not a nickname; allowed are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, @minutely, @secondly, @weekdays, @weekends; for a rhythm in real time, give an interval, such as interval("5m")',
  ],
  ['0 0 * * MON-SUN/8', 'cron: day-of-week "MON-SUN/8" has a step of 8; allowed are 1–6, as it names MON-SUN'],
  [
    '0 H(22-2) * * *',
    'cron: hour "H(22-2)" runs backwards; H picks from one range that goes up: write "H(22-23)" or "H(0-2)"',
  ],
  [
    '0 0 H(25-3) * *',
    'cron: day-of-month "H(25-3)" runs backwards; H picks from one range that goes up: write "H(25-28)" or "H(1-3)"',
  ],
  [
    '0 0 * * H(5-1)',
    'cron: day-of-week "H(5-1)" runs backwards; H picks from one range that goes up: write "H(5-6)" or "H(0-1)"',
  ],
])('%s: %s', (expression, message) => {
  expect(compiled(() => cron(expression))).toBe(message);
  const proposed = [...message.matchAll(/"(H\([^"]+\))"/g)].slice(1).map(([, part = '']) => part);
  for (const part of proposed) expect(compiled(() => cron(expression.replace(/H\(.*\)/, part)))).toBeNull();
});

it.each(['2027', '2027-2029', '2027/2', '2027,2028', '1999'])(
  'a year in the last field is for the field form: %s',
  (year) => {
    expect(compiled(() => cron(`0 0 1 1 * ${year}`))).toMatch(
      /of 6 fields, the first is the second: a year is for the field form, such as cron\(\{ year: 2027, month: 1, day: 1 \}\)$/,
    );
    expect(compiled(() => cron(`0 0 1 1 ${year}`))).toMatch(
      /is outside 0–7; a year is for the field form, such as cron/,
    );
    expect(compiled(() => cron('0 0 1 1 * 99'))).toMatch(/is outside 0–7$/);
    expect(compiled(() => cron(`${year} 0 1 1 *`))).not.toMatch(/year/);
  },
);

it('years that run backwards are proposed in their order', () => {
  const year = (text: string) => refusal(() => fieldValues('year', text));
  expect(year('2030-2027')).toBe('cron: year "2030-2027" runs backwards; write "2027-2030"');
  expect(year('2030-2027/2')).toBe('cron: year "2030-2027/2" runs backwards; write "2027-2030/2"');
});
