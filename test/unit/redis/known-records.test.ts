import { expect, test } from 'vitest';
import { KnownRecords } from '../../../packages/redis/src/store/known-records.js';
import { Reply } from '../../../packages/redis/src/store/scripts.js';

const PAGE = { now: 0, isFull: false };

test('records are known up to a number of characters in all', () => {
  const known = new KnownRecords();
  // All records share one text, so the test takes little memory.
  const json = 'x'.repeat(2 ** 20);
  const jobs = Array.from({ length: 65 }, (_, index) => ({
    ...{ id: `job-${index}`, rev: 1, generation: 1, digest: 'd', json, last: null },
    pending: { fireTime: 0, dueAt: 0 },
  }));
  const isKnown = (id: string) => known.read(id, new Reply('due', [null, '0', null]), PAGE) !== null;
  known.note(jobs.slice(0, 64), '1', PAGE);
  expect(isKnown('job-0')).toBe(true);
  known.note(jobs.slice(64), '1', PAGE);
  expect(isKnown('job-0')).toBe(false);
  expect(isKnown('job-64')).toBe(true);
});

test('records are known up to a number', () => {
  const known = new KnownRecords(2);
  const jobs = ['a', 'b', 'c'].map((id) => ({
    ...{ id, rev: 1, generation: 1, digest: 'd', json: '{}', last: null },
    pending: { fireTime: 0, dueAt: 0 },
  }));
  const isKnown = (id: string) => known.read(id, new Reply('due', [null, '0', null]), PAGE) !== null;
  known.note(jobs.slice(0, 2), '1', PAGE);
  expect(['a', 'b'].map(isKnown)).toEqual([true, true]);
  known.note(jobs.slice(2), '1', PAGE);
  expect(['a', 'b', 'c'].map(isKnown)).toEqual([false, false, true]);
});

test('records that are read ahead take the place of no other, and leave a quarter of the places', () => {
  const known = new KnownRecords(4);
  const jobs = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({
    ...{ id, rev: 1, generation: 1, digest: 'd', json: '{}', last: null },
    pending: { fireTime: 0, dueAt: 0 },
  }));
  const isKnown = (id: string) => known.read(id, new Reply('due', [null, '0', null]), PAGE) !== null;
  known.note(jobs.slice(0, 1), '1', PAGE);
  known.noteAhead(jobs.slice(1, 5), '1', 0);
  expect(['a', 'b', 'c', 'd', 'e'].map(isKnown)).toEqual([true, true, true, false, false]);
  known.note(jobs.slice(5), '1', PAGE);
  expect(['a', 'b', 'c', 'f'].map(isKnown)).toEqual([true, true, true, true]);
});

test('if jobs were changed before others are read ahead, those that were known before are not known any more', () => {
  const known = new KnownRecords();
  const [a, b] = ['a', 'b'].map((id) => ({
    ...{ id, rev: 1, generation: 1, digest: 'd', json: '{}', last: null },
    pending: { fireTime: 0, dueAt: 0 },
  }));
  if (!a || !b) throw new Error('there are two');
  const isKnown = (id: string) => known.read(id, new Reply('due', [null, '0', null]), PAGE) !== null;
  known.note([a], '1', PAGE);
  known.note([a], '1', PAGE);
  expect(known.asOf).toBe('1');
  known.noteAhead([b], '2', 0);
  expect(known.asOf).toBe('');
  expect(['a', 'b'].map(isKnown)).toEqual([false, true]);
  known.noteAhead([{ id: 'b', rev: null, why: 'it cannot be read', pending: null }], '2', 0);
  expect(isKnown('b')).toBe(false);
});

test('a record is trusted for 10 s, and for a minute while more jobs are due than a page has', () => {
  const known = new KnownRecords();
  const job = { id: 'a', rev: 1, generation: 1, digest: 'd', json: '{}', last: null };
  known.note([{ ...job, pending: { fireTime: 0, dueAt: 0 } }], '1', PAGE);
  const isKnown = (now: number, isFull: boolean) =>
    known.read('a', new Reply('due', [null, '0', null]), { now, isFull }) !== null;
  expect([9_999, 10_000].map((now) => isKnown(now, false))).toEqual([true, false]);
  expect([10_000, 59_999, 60_000].map((now) => isKnown(now, true))).toEqual([true, true, false]);
});

test('a page of records that are trusted is followed by one without records, and one of others is not', () => {
  const known = new KnownRecords();
  const job = { id: 'a', rev: 1, generation: 1, digest: 'd', json: '{}', last: null };
  const jobs = [{ ...job, pending: { fireTime: 0, dueAt: 0 } }];
  const asOfNext = (now: number, isFull: boolean) => {
    known.note(jobs, '1', { now, isFull });
    return known.asOf;
  };
  expect(asOfNext(0, true)).toBe('');
  expect(asOfNext(59_999, true)).toBe('1');
  expect(asOfNext(119_998, false)).toBe('');
  expect(asOfNext(129_997, false)).toBe('1');
  expect(asOfNext(189_997, true)).toBe('');
});
