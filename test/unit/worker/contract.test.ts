import { InvalidOptionsError, type TaskFunction } from '@carillon/core';
import { type ArgumentsSchema, task } from '@carillon/worker';
import { type } from 'arktype';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { validatorOf } from '../../../packages/core/src/contract/validator.js';
import { contractOf } from '../../../packages/worker/src/contract.js';
import { PublishedContracts } from '../../../packages/worker/src/published-contracts.js';

const of = (args: ArgumentsSchema, jsonSchema?: object | false) =>
  task({ args, jsonSchema: jsonSchema as false, run: () => {} }) as TaskFunction;

/** Whether the contract accepts these arguments. */
function accepts(args: ArgumentsSchema, ...given: unknown[]): boolean {
  const { jsonSchema } = contractOf(of(args));
  return jsonSchema === undefined || validatorOf(jsonSchema)(given as never).length === 0;
}

it('what goes into a schema is published: what it makes of the arguments may be more', () => {
  const args = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.int().default(1)]);
  expect(accepts(args, '2026-01-01T00:00:00Z', 1)).toBe(true);
  expect(accepts(args, 'no', 1)).toBe(false);
  expect(accepts(args, '2026-01-01T00:00:00Z', 'no')).toBe(false);
  const ofArktype = type([type('string').pipe((text) => text.length), 'number > 1']);
  expect(accepts(ofArktype as ArgumentsSchema, 'a', 2)).toBe(true);
  expect(accepts(ofArktype as ArgumentsSchema, 'a', 1)).toBe(false);
});

it.each<[string, z.ZodType, unknown]>([
  ['coerces', z.coerce.number(), '5'],
  ['preprocesses', z.preprocess(Number, z.number()), '5'],
  ['catches', z.number().catch(0), '5'],
  ['refines', z.string().refine((text) => text === '5'), '5'],
  ['looks at without capitals', z.string().regex(/^abc$/i), 'ABC'],
  ['looks at twice without capitals', z.string().regex(/^abc$/i).regex(/c$/i), 'ABC'],
  ['makes a custom check of', z.custom((value) => value === '5'), '5'],
])('what zod %s is not refused by its JSON Schema', (_, schema, value) => {
  expect(z.tuple([schema]).safeParse([value]).success).toBe(true);
  expect(accepts(z.tuple([schema]) as unknown as ArgumentsSchema, value)).toBe(true);
  expect(accepts(z.tuple([schema]) as unknown as ArgumentsSchema)).toBe(false);
});

it('a pattern without flags is published', () => {
  expect(accepts(z.tuple([z.string().regex(/^abc$/)]), 'ABC')).toBe(false);
});

it('what arktype cannot express becomes wider', () => {
  const even = type('number').narrow((count) => count % 2 === 0);
  expect(accepts(type([even]) as ArgumentsSchema, 3)).toBe(true);
  expect(accepts(type([even]) as ArgumentsSchema, 'three')).toBe(false);
});

it('a text is long enough by UTF-16 units, as arktype counts them', () => {
  const args = type(['string >= 2']) as ArgumentsSchema;
  expect(accepts(args, '😀')).toBe(true);
  expect(accepts(args, '')).toBe(false);
});

it('a JSON Schema that is given by hand counts, and false publishes none', () => {
  const args = z.tuple([z.string()]);
  expect(contractOf(of(args, { type: 'array' }))).toEqual({ jsonSchema: { type: 'array' } });
  expect(contractOf(of(args, false))).toEqual({});
  expect(contractOf(() => {})).toEqual({});
  for (const wrong of [true, 'text', null, []]) expect(() => of(args, wrong as never)).toThrow(InvalidOptionsError);
  expect(() => of(args, { minItems: Number.NaN })).toThrow(
    'task: jsonSchema.minItems is NaN: give a value that JSON can carry',
  );
});

it('contracts that are too long, or cannot be made, are left out, and reported once', () => {
  const reports: object[] = [];
  const args = z.tuple([z.string()]);
  const long = (kibibytes: number) => of(args, { description: 'x'.repeat(kibibytes * 1024 - 100) });
  const failing = {
    '~standard': {
      ...args['~standard'],
      jsonSchema: {
        input: () => {
          throw new Error('no way');
        },
      },
    },
  };
  const tasks = new Map<string, TaskFunction>([
    ['one', of(args)],
    ['long', long(9)],
    ['failing', of(failing as never)],
    ...Array.from({ length: 5 }, (_, place) => [`part ${place}`, long(7)] as const),
    ['plain', () => {}],
  ]);
  const published = new PublishedContracts(tasks, (happening) => void reports.push(happening));
  expect(Object.keys(published.all)).toEqual(['one', 'part 0', 'part 1', 'part 2', 'part 3']);
  tasks.delete('one');
  published.renew();
  expect(Object.keys(published.all)).not.toContain('one');
  const kind = 'contract_not_published';
  expect(reports).toEqual([
    { kind, task: 'failing', why: expect.stringContaining('zod makes no JSON Schema of it: Error: no way') },
    { kind, task: 'long', why: 'its JSON Schema is 9 KiB long; at most 8 KiB' },
    { kind, task: 'part 4', why: 'the JSON Schemas of this worker are longer than 32 KiB together' },
  ]);
});
