import { existsSync, readFileSync } from 'node:fs';
import { transformSync } from 'rolldown/utils';
import { expect, it } from 'vitest';

interface Mutation {
  readonly what: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Only for mutations that a test finds. */
  readonly test?: string;
}

const root = new URL('../../', import.meta.url);
const read = async (list: string, name: string) =>
  ((await import(new URL(`scripts/mutations/${list}.js`, root).href)) as Record<string, readonly Mutation[]>)[name] ??
  [];
const ofCode = await read('list', 'MUTATIONS');
const ofScripts = await read('lua', 'LUA_MUTATIONS');
const ofSimulation = [...ofCode, ...ofScripts];
const all = [...ofSimulation, ...(await read('unit', 'UNIT_MUTATIONS'))];
const inTests = all.filter(({ test }) => test !== undefined);
const inTypeScript = all.filter(({ file }) => file.endsWith('.ts'));

it('there are mutations', () => {
  expect(all.length).toBeGreaterThan(100);
});

it('there are as many as docs/reliability.md says', () => {
  const page = readFileSync(new URL('docs/reliability.md', root), 'utf8').replaceAll('\n', ' ');
  const named = ofSimulation.filter(({ test }) => test !== undefined);
  expect(page).toContain(`${ofCode.length} faults in the code and ${ofScripts.length} in the scripts`);
  expect(page).toContain(`for ${named.length} that it finds rarely, a test is named`);
});

it.each(all)('the mutation "$what" fits the sources: it changes one place', ({ file, find, replace }) => {
  expect(readFileSync(new URL(file, root), 'utf8').split(find)).toHaveLength(2);
  expect(replace).not.toBe(find);
});

it.each(inTests)('the mutation "$what" names a test that is there', ({ test = '' }) => {
  expect(existsSync(new URL(test, root))).toBe(true);
});

// A source that cannot be parsed fails each test: the mutation would be found for that, not for what it breaks.
it.each(inTypeScript)('the mutation "$what" leaves a source that can be read', ({ file, find, replace }) => {
  const source = readFileSync(new URL(file, root), 'utf8').replace(find, () => replace);
  expect(transformSync(file, source, { lang: 'ts' }).errors).toEqual([]);
});
