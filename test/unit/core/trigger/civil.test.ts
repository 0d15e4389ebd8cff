import { expect, it } from 'vitest';
import { DAY_MS, dayOfWeek, daysOfMonth, monthAndDay } from '../../../../packages/core/src/trigger/civil.js';

it('the calendar agrees with Date on every day of two cycles of 400 years', () => {
  const last = Date.UTC(2600, 0, 1) / DAY_MS;
  const date = new Date(0);
  let wrong = 0;
  for (let day = Date.UTC(1800, 0, 1) / DAY_MS; day < last; day++) {
    date.setTime(day * DAY_MS);
    const monthDay = monthAndDay(day);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    if (monthDay !== month * 32 + date.getUTCDate() || dayOfWeek(day) !== date.getUTCDay()) wrong++;
  }
  expect(wrong).toBe(0);
  for (let month = 1800 * 12; month < 2600 * 12; month++) {
    if (daysOfMonth(month) !== new Date(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0)).getUTCDate()) wrong++;
  }
  expect(wrong).toBe(0);
});
