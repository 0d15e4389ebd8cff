import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** One for each way to look for a mutation: a unit test, a test of another project, and, under one name, simulations in memory and in Redis. */
const CHOSEN = [
  'actor: a call does not say who asks',
  'explain: a run that was run again is followed once',
  'outbox: a run does not enter it',
];

it('the check of mutations finds one of each kind', async () => {
  const args = ['scripts/mutation-check.js', '--seeds', '5', ...CHOSEN.flatMap((what) => ['--only', what])];
  // The inner test run must not know of this one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
  expect(stdout).toContain('4 of 4 found');
});
