import { expect, it } from 'vitest';
import { Stored } from '../../support/in-process.js';
import { carillon, done } from './carillon.js';

it('carillon forecast says what is to fire, and the worst minutes with their jobs', async () => {
  const { prefix } = new Stored();
  await done(['jobs', 'add', 'a', '--id', 'often', '--every', '10s'], { prefix });
  await done(['jobs', 'add', 'a', '--id', 'hourly', '--every', '1h', '--executor', 'mail'], { prefix });
  const { stdout } = await done(['forecast', '--worst', '1'], { prefix });
  expect(stdout).toMatch(/^2 jobs of job store default fire from \S+ to \S+\.\n\nEXECUTOR +FIRES +MOST IN 1M /);
  expect(stdout).toMatch(/\ndefault +86\d\d +6 +- +- +0\nmail +24 +1 +- +- +0\n/);
  expect(stdout).toMatch(/\n\S+Z +default +6 +- +0 +1: often\n$/);
  const [json] = (await done(['forecast', '--by', 'hour', '--executor', 'mail', '--json'], { prefix })).json;
  expect(json).toMatchObject({ jobs: 1, stepMs: 3_600_000, executors: [{ executor: 'mail' }] });
  expect((await carillon(['forecast', '--to', '2000-01-01T00:00:00Z'], { prefix })).code).toBe(2);
});
