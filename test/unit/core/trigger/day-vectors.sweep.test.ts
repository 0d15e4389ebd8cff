import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type CronFields, compileTrigger, cron } from '../../../../packages/core/src/trigger/index.js';
import { someOf } from '../../../support/sweep.js';
import { zoneData } from './zone-data.js';

/** `test/vectors/days.py` describes these lines. */
type Line = readonly [
  expression: string | CronFields,
  timezone: string,
  afterMinute: number,
  minutes: readonly number[],
];

const file = (name: string) => readFileSync(new URL(`../../../vectors/${name}`, import.meta.url), 'utf8');
const lines = file('days.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);
const { zones } = JSON.parse(file('zones.json')) as { readonly zones: Readonly<Record<string, string>> };
const isAlike = new Map(
  [...new Set(lines.map(([, zone]) => zone))].map((zone) => [zone, zoneData(zone) === zones[zone]]),
);

const FORMS = [/\dW/, /LW/, /L-\dW/, /L-\d( |,)/, /#\d.*#\d/, /[a-z]L/i, /(sat|fri)-(sun|mon|tue)/i, /mon-sun/i];

it('days of a month and of a week are those that a judge of another language names by their documented meaning', () => {
  expect(lines).toHaveLength(2_000);
  for (const form of FORMS)
    expect(lines.filter(([given]) => form.test(String(given))).length).toBeGreaterThanOrEqual(20);
  expect(lines.filter(([given]) => JSON.stringify(given).includes('last-')).length).toBeGreaterThan(20);
  const comparable = lines.filter(([, zone]) => isAlike.get(zone));
  expect(comparable.length).toBeGreaterThan(1_000);
  for (const [given, timezone, afterMinute, minutes] of someOf(comparable, 250)) {
    const trigger = typeof given === 'string' ? cron(given, { timezone }) : cron(given, { timezone });
    const { nextMs } = compileTrigger(trigger);
    let at = afterMinute * 60_000;
    for (const more of minutes) {
      const expected = at + more * 60_000;
      const found = [at, expected - 1].map(nextMs);
      expect([given, timezone, ...found]).toEqual([given, timezone, expected, expected]);
      at = expected;
    }
  }
});
