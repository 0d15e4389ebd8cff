import { expect, test } from 'vitest';
import { JobsAhead } from '../../../packages/coordinator/src/jobs-ahead.js';

const jobOf = (characters: number) => ({ json: 'x'.repeat(characters), payload: '' });

test('there is room up to a number of jobs', () => {
  const ahead = new JobsAhead(2, 1_000);
  ahead.set('a', jobOf(1), 0);
  ahead.set('a', jobOf(1), 0);
  expect(ahead.hasRoom).toBe(true);
  ahead.set('b', jobOf(1), 0);
  expect(ahead.hasRoom).toBe(false);
  ahead.delete('a');
  ahead.delete('a');
  expect(ahead.hasRoom).toBe(true);
});

test('there is room up to a number of characters', () => {
  const ahead = new JobsAhead(100, 1_000);
  ahead.set('a', jobOf(999), 0);
  expect(ahead.hasRoom).toBe(true);
  ahead.set('b', jobOf(1), 0);
  expect(ahead.hasRoom).toBe(false);
  ahead.set('b', jobOf(0), 0);
  expect(ahead.hasRoom).toBe(true);
  ahead.set('c', jobOf(1), 0);
  ahead.clear();
  expect(ahead.hasRoom).toBe(true);
});
