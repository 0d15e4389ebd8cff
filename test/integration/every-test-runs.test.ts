import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The test files that vitest runs with this configuration. */
function listed(config: string): string[] {
  const vitest = `${root}node_modules/vitest/vitest.mjs`;
  const args = [vitest, 'list', '--filesOnly', '--json', '--config', config];
  const found: { readonly file: string }[] = JSON.parse(
    execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }),
  );
  return found.map(({ file }) => relative(root, file));
}

test('each file of tests is run by npm test or by npm run test:long; sweeps by both', () => {
  const all = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.test\.ts$/.test(path))
    .map((path) => `test/${path}`);
  const [usual, long] = [listed('vitest.config.ts'), listed('vitest.long.config.ts')];
  expect(all.length).toBeGreaterThan(200);
  expect(all.filter((path) => !usual.includes(path)).sort()).toEqual(
    all.filter((path) => path.includes('.long.')).sort(),
  );
  expect(all.filter((path) => long.includes(path)).sort()).toEqual(
    all.filter((path) => /\.(long|sweep)\./.test(path)).sort(),
  );
  expect(new Set(usual).size).toBe(usual.length);
});
