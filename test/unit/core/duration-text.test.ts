import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseDuration } from '../../../packages/core/src/duration.js';
import { durationInUnit, lengthText } from '../../../packages/core/src/duration-text.js';

it('a duration of an option is shown exactly, in the unit that people would take', () => {
  const reported = [
    0, 1, 50, 999, 1_000, 4_500, 30_000, 60_000, 90_000, 90_500, 5_400_000, 86_400_000, 604_800_000, 31_536_000_000,
  ];
  expect(reported.map(durationInUnit)).toEqual([
    '0ms',
    '1ms',
    '50ms',
    '999ms',
    '1s',
    '4.5s',
    '30s',
    '1m',
    '90s',
    '90.5s',
    '90m',
    '1d',
    '1w',
    '365d',
  ]);
  for (const ms of [...reported, 1_001, 86_399_999, 3_155_760_000_001, 1.5])
    expect(parseDuration(durationInUnit(ms))).toBeCloseTo(ms);
  expect(durationInUnit(Number.POSITIVE_INFINITY)).toBe('forever');
});

it('a length that was measured is rounded as people say it', () => {
  const measured = [0, 0.4, 45.2, 999.4, 1_234, 9_940, 61_000, 125_000, 3_600_000, 273_600_000, -1_234];
  expect(measured.map(lengthText)).toEqual([
    '0 ms',
    '0 ms',
    '45 ms',
    '999 ms',
    '1.2 s',
    '9.9 s',
    '1 min 1 s',
    '2 min 5 s',
    '1 h',
    '3 d 4 h',
    '-1.2 s',
  ]);
});

/** A number with a unit behind it, within a text: `${timeoutMs} ms`. */
const MILLISECONDS = /\$\{[^{}]*\} ?(?:ms|msec|milliseconds?)\b/;
/** The files that make these texts, or that list the units a user can type. */
const MADE = ['core/src/duration-text.ts', 'carillon/src/cli/options/values.ts'];

it('no other text of the packages shows a number as milliseconds', () => {
  const root = join(import.meta.dirname, '../../../packages');
  const files = readdirSync(root).flatMap((name) => sourcesOf(root, `${name}/src`));
  expect(files.length).toBeGreaterThan(300);
  const wrong = files
    .filter((file) => !MADE.includes(file))
    .filter((file) => MILLISECONDS.test(readFileSync(join(root, file), 'utf8')));
  expect(wrong, 'use durationInUnit or lengthText of core/src/duration-text.ts').toEqual([]);
  expect(['`after $', '{waitedMs} ms`'].join('')).toMatch(MILLISECONDS);
});

function sourcesOf(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => `${folder}/${file}`);
}
