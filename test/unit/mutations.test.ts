import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Mutation {
  readonly what: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Of those that a unit test finds. */
  readonly test?: string;
}

const root = new URL('../../', import.meta.url);
const read = async (list: string, name: string) =>
  ((await import(new URL(`scripts/mutations/${list}.js`, root).href)) as Record<string, readonly Mutation[]>)[name] ??
  [];
const inTests = await read('unit', 'UNIT_MUTATIONS');
const all = [...(await read('list', 'MUTATIONS')), ...(await read('lua', 'LUA_MUTATIONS')), ...inTests];

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
