import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sweep } from '../support/sweep.js';
import failed from './failed-seeds.json' with { type: 'json' };
import { printOfPlay } from './operations/print.js';
import { play } from './play.js';
import { failureText, Totals } from './totals.js';

const NEW_SEEDS = sweep(5, 500);

async function expectNoViolation(seeds: Iterable<number>): Promise<Totals> {
  const totals = new Totals();
  for (const seed of seeds) {
    const played = await play(seed);
    totals.add(played);
    if (played.violations.length > 0) expect.fail(failureText(played));
  }
  return totals;
}

test('a seed replays exactly', async () => {
  const hashes = [];
  for (const seed of [1, 2, 1, 2]) hashes.push((await play(seed)).hash);
  expect(hashes.slice(2)).toEqual(hashes.slice(0, 2));
  expect(new Set(hashes).size).toBe(2);
});

test(`no violation in ${NEW_SEEDS} new seeds`, { timeout: 600_000 }, async () => {
  const from = randomInt(2 ** 40);
  const totals = await expectNoViolation(Array.from({ length: NEW_SEEDS }, (_, index) => from + index));
  console.log(totals.text(0));
});

/** Each bug that was found has its own test, as a seed means something else after each change of the play. */
test('no violation in the seeds that failed since the play was changed last', async () => {
  const seeds: readonly { readonly seed: number; readonly what: string }[] = failed.seeds;
  if (seeds.length > 0)
    expect(failed.play, 'the play has changed, and these seeds mean something else: empty failed-seeds.json').toBe(
      printOfPlay(),
    );
  await expectNoViolation(seeds.map(({ seed }) => seed));
});

test('the print of the play is the same each time', () => {
  expect(printOfPlay()).toMatch(/^[0-9a-f]{12}$/);
  expect(printOfPlay()).toBe(printOfPlay());
});

test('what a seed that fails is reported with: the last lines, and how to see it again', async () => {
  const played = await play(1, { keepTranscript: true });
  const { transcript } = played;
  expect(transcript.length).toBeGreaterThan(100);
  const text = failureText({ ...played, transcript: transcript.slice(-3), violations: ['a run was lost'] });
  expect(text).toContain('again: npm run simulate -- --seed 1');
  expect(text).toContain(transcript.slice(-3).join('\n'));
});

test('the auditor shares no code with what it judges: of our packages it has types only', () => {
  const folder = new URL('./audit/', import.meta.url);
  const files = readdirSync(folder);
  expect(files.length).toBeGreaterThan(8);
  const imports = files.flatMap((file) => {
    const source = readFileSync(new URL(file, folder), 'utf8');
    return [...source.matchAll(/^(import|export)\s([^;]*?)\sfrom\s+'([^']+)'|import\(/gm)].map(
      ([whole, , what, from]) => {
        return { file, whole, what, from };
      },
    );
  });
  expect(imports.length).toBeGreaterThan(10);
  const guilty = imports.filter(({ what, from }) => {
    const isOwn = from?.startsWith('./') || from === 'node:crypto';
    return !isOwn && !what?.startsWith('type ');
  });
  // The scripts are compared with the table of run states: no code that is judged uses it.
  expect(guilty).toMatchObject([{ file: 'lives.ts', what: '{ canPass, type LifeState, lifeStateOf }' }]);
  const sources = readdirSync(new URL('../../packages/', import.meta.url), { recursive: true, encoding: 'utf8' });
  const users = sources.filter((path) => {
    if (!/\/src\/.*\.ts$/.test(path) || /core\/src\/(run\/life-table|internal)\.ts$/.test(path)) return false;
    return /\b(canPass|lifeStateOf)\b/.test(readFileSync(new URL(`../../packages/${path}`, import.meta.url), 'utf8'));
  });
  expect(users).toEqual([]);
});
