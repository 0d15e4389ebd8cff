import { Coordinator, type CoordinatorOptions } from '@carillon/coordinator';
import { cron, Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { expect, it } from 'vitest';
import { timerMilliseconds, toMilliseconds } from '../../../../packages/core/src/duration.js';
import {
  checkEnqueueOptions,
  checkPolicy,
  checkRunOptions,
  checkSpec,
} from '../../../../packages/core/src/job/checks.js';

const backend = () => new MemoryCluster().connect();
const spec = (more: object) => checkSpec({ task: 'a', ...more });
const retry = (backoff: object) => spec({ retry: { attempts: 2, backoff } });

/** Each place that takes a duration and limits it. */
const PLACES: readonly (readonly [name: string, give: (given: unknown) => unknown])[] = [
  ['timeout', (timeout) => spec({ timeout })],
  ['retry.backoff.delay', (delay) => retry({ delay })],
  ['retry.backoff.maxDelay', (maxDelay) => retry({ delay: '1s', maxDelay })],
  ['history.age', (age) => spec({ history: { age } })],
  ['account.age', (age) => spec({ account: { age } })],
  ['misfireGraceTime', (misfireGraceTime) => spec({ misfireGraceTime })],
  ['jobDefaults: timeout', (timeout) => new Scheduler({ backend: backend(), jobDefaults: { timeout } as object })],
  ['policy: timeout', (timeout) => checkPolicy({ timeout }, 'policy')],
  ['runJob: dedupe.for', (window) => checkRunOptions('x', { dedupe: { key: 'k', for: window } })],
  ...['delay', 'timeout', 'misfireGraceTime'].map(
    (name) => [`enqueue: ${name}`, (given: unknown) => checkEnqueueOptions({ [name]: given })] as const,
  ),
  ['enqueue: history.age', (age) => checkEnqueueOptions({ history: { age } })],
  ['enqueue: dedupe.for', (window) => checkEnqueueOptions({ dedupe: { key: 'k', for: window } })],
  ['lease:', (lease) => new Coordinator({ backend: backend(), lease } as CoordinatorOptions)],
  ['lease:', (lease) => timerMilliseconds(lease as number, 'lease')],
  ['patience:', (patience) => toMilliseconds(patience as number, 'patience')],
  ['jitter', (jitter) => cron('0 * * * *', { jitter: jitter as number })],
];

const refusal = (call: () => unknown) => {
  try {
    return `it answers ${String(call())}`;
  } catch (error) {
    return (error as Error).message;
  }
};

it.each(PLACES)('%s is shown as it was given, and a number of milliseconds in its unit, too', (name, give) => {
  const shownAs = (given: unknown, shown: string) =>
    expect(refusal(() => give(given))).toMatch(
      new RegExp(`(^|: )${name.replace(/^.*: /, '')} ${shown} (must be|is too long|is longer than)`),
    );
  shownAs('40000d', '"40000d"');
  shownAs('5714.5w', '"5714\\.5w"');
  shownAs(40_000 * 86_400_000, '3456000000000 \\(40000d\\)');
  shownAs(3_456_000_000_001, '3456000000001 \\(40000 d\\)');
  shownAs(1e300, '1e\\+300');
});

it('a length of nothing is shown as it was given', () => {
  expect(refusal(() => spec({ timeout: '0.4ms' }))).toMatch(/timeout "0.4ms" must be at least 1 ms/);
  expect(refusal(() => spec({ timeout: 0 }))).toMatch(/timeout 0 must be at least 1 ms/);
  expect(refusal(() => checkEnqueueOptions({ history: { age: '0.5s' } }))).toMatch(/history.age "0.5s" must be at/);
  expect(refusal(() => retry({ delay: 90_000, maxDelay: '4.5s' }))).toMatch(
    /maxDelay "4.5s" is shorter than delay 90s$/,
  );
});
