import { expect, it } from 'vitest';
import { readSince, recordBefore } from '../../../../packages/core/src/account/change.js';
import { decodeEntry } from '../../../../packages/core/src/account/entry.js';
import { decodeRecorded, lastOf, type Recorded } from '../../../../packages/core/src/account/recorded.js';

const LETTERS = { executed: 'x', error: 'e', cancelled: 'c', max_instances: 'i', missed: 'm' } as const;

/** Returns the text from which the record was read. */
function encodeRecorded(recorded: Recorded): string {
  const { form, first } = recorded;
  if (form === 'range') {
    const { last, into } = recorded;
    return into === null ? `m${first}-${last}` : `o${first}-${last}>${into}`;
  }
  const { outcome, asked, step, count, slowestMs } = recorded;
  const letter = asked ? LETTERS[outcome].toUpperCase() : LETTERS[outcome];
  return `${letter}${first}+${step}*${count}${slowestMs === null ? '' : `~${slowestMs}`}`;
}

it('reads stretches and ranges, and writes them as they were', () => {
  const texts = [
    'x1767225600000+60000*43200~45',
    'e1767225600000+0*1~45',
    'c-5+0*1~5',
    'i1767225600000+60000*2',
    'm1767225600000+0*1',
    'X1767225600123+0*1~7',
    'I1767225600123+0*1',
    'm1767225600000-1767229200000',
    'm-100--50',
    'o1767225600000-1767225660000>1767225720000',
  ];
  for (const text of texts) expect(encodeRecorded(decodeRecorded(text) as never)).toBe(text);
  expect(decodeRecorded('x1767225600000+60000*43200~45')).toEqual({
    form: 'stretch',
    outcome: 'executed',
    asked: false,
    first: 1767225600000,
    step: 60000,
    count: 43200,
    slowestMs: 45,
  });
  expect(lastOf(decodeRecorded('x1000+10*3~4') as never)).toBe(1020);
  expect(lastOf(decodeRecorded('m1000-5000') as never)).toBe(5000);
});

it('refuses what is not a stretch and no range', () => {
  const texts = ['', 'x', 'x1+0*0', 'x1+0*2', 'x1+5*1', 'z1+0*1', 'x1.5+0*1', 'm5-4', 'o1-2', 'o1-5>5', 'o5-1>7'];
  const digits = [
    'x1+0*',
    'x+0*1',
    'x1+*1',
    'x1+0*1~',
    'x1+0*1~5~6',
    'x-+0*1',
    'x--1+0*1',
    'x1+-5*2',
    'x1+5*-2',
    'x1*1+0',
    'x 1+0*1',
    'x1e3+0*1',
    'x1+0*١',
  ];
  const beyond = ['x8640000000000001+0*1', 'x1+9000000000000000*9', 'm1-9640000000000000', 'x99999999999999999+0*1'];
  for (const text of [...texts, ...digits, ...beyond, 'x1+0*1 ', 'O1-2>3', 'M1-2'])
    expect(decodeRecorded(text), text).toBeNull();
});

it('reads the entries of an account', () => {
  expect(decodeEntry('s1767225600045 x1767225600000+0*1~45')).toMatchObject({
    kind: 'outcomes',
    at: 1767225600045,
    recorded: { outcome: 'executed' },
  });
  expect(decodeEntry('f17')).toEqual({ kind: 'trimmed', at: 17 });
  expect(decodeEntry('r17 4 3 {"what":"paused","actor":"ann","was":{"since":{"at":5}}}')).toEqual({
    kind: 'changed',
    at: 17,
    rev: 4,
    generation: 3,
    change: { what: 'paused', actor: 'ann', reason: null, at: null, owed: null, was: { since: { at: 5 } } },
  });
  const ended = 'd17 4 3 {"what":"removed","reason":"not } needed \\"} any"}\n{"task":"a","args":[{"b": 1} ]}';
  expect(decodeEntry(ended)).toEqual({
    kind: 'ended',
    at: 17,
    rev: 4,
    generation: 3,
    change: { what: 'removed', actor: null, reason: 'not } needed "} any', at: null, owed: null, was: {} },
    record: { task: 'a', args: [{ b: 1 }] },
  });
  expect(decodeEntry('d17 4 3 {"what":"quarantined"}\ngarbage')).toMatchObject({ record: null });
  expect(decodeEntry('d17 - - {"what":"quarantined"}\n')).toMatchObject({ rev: 0, generation: 0, record: null });
  expect(decodeEntry('b17 4 3')).toEqual({ kind: 'restored', at: 17 });
});

it('refuses what is not an entry', () => {
  const texts = [
    '',
    's',
    's17',
    's17 y5',
    'r17',
    'r17 4 3',
    'r17 4 3 {}',
    'r17 4 3 {"what":"paused"} more',
    'r17 4 3 []',
  ];
  for (const text of [...texts, 'd17 4 x {"what":"a"} {}', 'q17 1', 'f', 'fx'])
    expect(decodeEntry(text), text).toBeNull();
});

it('reads since when a revision is', () => {
  expect(readSince({ at: 5 })).toEqual({ at: 5, first: undefined, actor: null, reason: null });
  expect(readSince({ at: 5, first: null, actor: 'ann', reason: 'month end', more: 1 })).toEqual({
    at: 5,
    first: null,
    actor: 'ann',
    reason: 'month end',
  });
  for (const value of [undefined, null, 5, {}, { at: '5' }, { at: 5, first: 'x' }]) expect(readSince(value)).toBeNull();
});

it('puts a record back to what it was before a change', () => {
  const record = { task: 'b', name: 'new', trigger: { type: 'date' } };
  expect(recordBefore(record, { task: 'a', name: null, priority: 2 })).toEqual({
    task: 'a',
    trigger: { type: 'date' },
    priority: 2,
  });
});
