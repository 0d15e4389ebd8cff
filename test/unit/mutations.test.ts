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
const ofSimulation = [...(await read('list', 'MUTATIONS')), ...(await read('lua', 'LUA_MUTATIONS'))];
const all = [...ofSimulation, ...(await read('unit', 'UNIT_MUTATIONS'))];
const inTests = all.filter(({ test }) => test !== undefined);
const inTypeScript = all.filter(({ file }) => file.endsWith('.ts'));

it('there are mutations', () => {
  expect(all.length).toBeGreaterThan(100);
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
