import { expect, test } from 'vitest';
import { chaos } from './chaos.js';
import { FAULTS } from './faults/index.js';
import { chaosOptions } from './options.js';
import { report } from './report.js';

/** Another seed each time, unless it is set. The report of a broken promise shows it. */
const seed = process.env.CARILLON_CHAOS_SEED ?? String(Math.floor(Math.random() * 1_000_000));

test('under faults of every kind, each fire time ends in one outcome', { timeout: 600_000 }, async () => {
  const small = ['--minutes', '0.1', '--hasty', '--jobs', '100', '--every', '1s', '--size', '2', '--lease', '1s'];
  const result = await chaos(chaosOptions([...small, '--seed', seed]), () => {});
  expect(result.violations, report(result).join('\n')).toEqual([]);
  expect(new Set(result.rounds.map(({ kind }) => kind))).toEqual(new Set(FAULTS.map(({ kind }) => kind)));
  expect(result.account.expected).toBeGreaterThan(1_000);
  expect(result.audited).toBeGreaterThanOrEqual(result.account.expected);
  // Killed and stopped workers were in the middle of executions: other workers repeated them.
  expect(result.account.repeats.byCause.get('killed')).toBeGreaterThan(0);
  expect(result.account.repeats.byCause.get('stopped')).toBeGreaterThan(0);
});
