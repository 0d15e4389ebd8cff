import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const english = read('README.md');
const chinese = read('README.zh-CN.md');

const blocksOf = (text: string) => text.match(/```[a-z]*\n[\s\S]*?```/g) ?? [];
const rowsOf = (text: string) => {
  const [, table = ''] = /\n\| APScheduler \| Carillon \|\n\| --- \| --- \|\n((?:\|.*\n)+)/.exec(text) ?? [];
  return table.trimEnd().split('\n');
};
/** Returns the texts in code of a row, sorted, because the words around them may be in another order. */
const codeOf = (row: string) => [...row.matchAll(/`([^`]+)`/g)].map(([, code]) => code).sort();
/** Numbers of the first screen: figures, versions. */
const numbersOf = (text: string) => (text.split('\n## ')[0] ?? '').replace(/```[\s\S]*?```/g, '').match(/\d[\d,.]*\d/g);

it('has the code blocks of the first screen and of the first example, as they are', () => {
  const blocks = blocksOf(chinese);
  expect(blocks).toEqual(blocksOf(english).slice(0, 4));
});

it('has each row of the table for users of APScheduler, with the same code', () => {
  const rows = rowsOf(english);
  expect(rows.length).toBeGreaterThan(15);
  expect(rowsOf(chinese).map(codeOf)).toEqual(rows.map(codeOf));
});

it('has the figures of the first screen', () => {
  expect(numbersOf(english)?.length).toBeGreaterThan(6);
  expect(new Set(numbersOf(chinese))).toEqual(new Set(numbersOf(english)));
});
