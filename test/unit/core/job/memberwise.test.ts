import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { memberwise } from '../../../../packages/core/src/job/memberwise.js';

const shape = {
  task: z.string().min(1),
  count: z.int().optional(),
  doubled: z
    .number()
    .transform((value) => 2 * value)
    .optional(),
  loose: z.string().optional().catch(undefined),
};
const read = memberwise(shape, ['task'], ['task']);

describe('an object that is read member by member', () => {
  it.each<object>([
    { task: 'a' },
    { task: 'a', count: 1 },
    { task: 'b', count: undefined },
    { doubled: 2, task: 'a' },
    { task: 'a', loose: 5 },
  ])('is what its schema answers: %j', (given) => {
    expect(read(given)).toEqual(z.strictObject(shape).parse(given));
    expect(read(given)).toEqual(read(given));
  });

  it.each<unknown>([
    undefined,
    null,
    5,
    [],
    new Date(0),
    {},
    { count: 1 },
    { task: '' },
    { task: undefined },
    { task: 'a', count: 'x' },
    { task: 'a', other: 1 },
    Object.create({ task: 'a' }),
    JSON.parse('{ "task": "a", "__proto__": {} }'),
  ])('is left to its schema: %j', (given) => {
    expect(read(given)).toBe(undefined);
  });

  it('has no look at its schema where a value is certain to be right', () => {
    const asked: unknown[] = [];
    const text = z.string().refine((value) => asked.push(value) > 0);
    const readText = memberwise({ text }, ['text'], [], { text: (value) => value === 'usual' });
    expect(readText({ text: 'usual' })).toEqual({ text: 'usual' });
    expect(asked).toEqual([]);
    expect(readText({ text: 'other' })).toEqual({ text: 'other' });
    expect(readText({ text: 5 })).toBe(undefined);
    expect(asked).toEqual(['other']);
  });

  it('is checked again where a known value stands in another member', () => {
    read({ task: 'known' });
    expect(read({ task: 'known', count: 'known' })).toBe(undefined);
  });
});
