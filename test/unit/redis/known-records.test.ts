import { expect, test } from 'vitest';
import { KnownRecords } from '../../../packages/redis/src/store/known-records.js';
import { Reply } from '../../../packages/redis/src/store/scripts.js';

test('records are known up to a number of characters in all', () => {
  const known = new KnownRecords();
  // All records share one text, so the test takes little memory.
  const json = 'x'.repeat(2 ** 20);
  const jobs = Array.from({ length: 65 }, (_, index) => ({
    ...{ id: `job-${index}`, rev: 1, generation: 1, digest: 'd', json, last: null },
    pending: { fireTime: 0, dueAt: 0 },
  }));
  const isKnown = (id: string) => known.read(id, new Reply('due', [null, '0', null]), 0) !== null;
  known.note(jobs.slice(0, 64), '1', 0);
  expect(isKnown('job-0')).toBe(true);
  known.note(jobs.slice(64), '1', 0);
  expect(isKnown('job-0')).toBe(false);
  expect(isKnown('job-64')).toBe(true);
});

test('records are known up to a number', () => {
  const known = new KnownRecords(2);
  const jobs = ['a', 'b', 'c'].map((id) => ({
    ...{ id, rev: 1, generation: 1, digest: 'd', json: '{}', last: null },
    pending: { fireTime: 0, dueAt: 0 },
  }));
  const isKnown = (id: string) => known.read(id, new Reply('due', [null, '0', null]), 0) !== null;
  known.note(jobs.slice(0, 2), '1', 0);
  expect(['a', 'b'].map(isKnown)).toEqual([true, true]);
  known.note(jobs.slice(2), '1', 0);
  expect(['a', 'b', 'c'].map(isKnown)).toEqual([false, false, true]);
});

test('records that are read ahead take the place of no other, and leave a quarter of the places', () => {
  const known = new KnownRecords(4);
  const jobs = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({
    ...{ id, rev: 1, generation: 1, digest: 'd', json: '{}', last: null },
    pending: { fireTime: 0, dueAt: 0 },
  }));
  const isKnown = (id: string) => known.read(id, new Reply('due', [null, '0', null]), 0) !== null;
  known.note(jobs.slice(0, 1), '1', 0);
  known.noteAhead(jobs.slice(1, 5), '1', 0);
  expect(['a', 'b', 'c', 'd', 'e'].map(isKnown)).toEqual([true, true, true, false, false]);
  known.note(jobs.slice(5), '1', 0);
  expect(['a', 'b', 'c', 'f'].map(isKnown)).toEqual([true, true, true, true]);
});

test('if jobs were changed before others are read ahead, those that were known before are not known any more', () => {
  const known = new KnownRecords();
  const [a, b] = ['a', 'b'].map((id) => ({
    ...{ id, rev: 1, generation: 1, digest: 'd', json: '{}', last: null },
    pending: { fireTime: 0, dueAt: 0 },
  }));
  if (!a || !b) throw new Error('there are two');
  const isKnown = (id: string) => known.read(id, new Reply('due', [null, '0', null]), 0) !== null;
  known.note([a], '1', 0);
  known.note([a], '1', 0);
  expect(known.asOf).toBe('1');
  known.noteAhead([b], '2', 0);
  expect(known.asOf).toBe('');
  expect(['a', 'b'].map(isKnown)).toEqual([false, true]);
  known.noteAhead([{ id: 'b', rev: null, why: 'it cannot be read', pending: null }], '2', 0);
  expect(isKnown('b')).toBe(false);
});
