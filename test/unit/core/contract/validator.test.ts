import { expect, it } from 'vitest';
import { validatorOf } from '../../../../packages/core/src/contract/validator.js';

const issues = (schema: object, ...args: unknown[]) =>
  validatorOf(schema as never)(args as never).map(({ path, message }) => `${path}: ${message}`);

const letter = {
  type: 'object',
  properties: {
    to: { type: 'string' },
    'a b': { enum: [1, 2] },
    either: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  },
  required: ['to'],
  additionalProperties: false,
};
const tuple = {
  type: 'array',
  prefixItems: [letter, { $ref: '#/$defs/short' }],
  items: false,
  $defs: { short: { maxLength: 2 } },
};

it('an issue has the path of what is wrong', () => {
  expect(issues(tuple, { to: 1 })).toEqual(['args[0].to: has type number, not string']);
  expect(issues(tuple, {})).toEqual(['args[0].to: is missing']);
  expect(issues({ items: { type: ['string', 'null'] } }, 1)).toEqual(['args[0]: has type number, not string or null']);
  expect(issues({ items: { pattern: '^a' } }, 'b')).toEqual(['args[0]: does not match pattern']);
  expect(issues(tuple, { to: '', 'a b': 3 })).toEqual(['args[0]["a b"]: does not match any of [1,2]']);
  expect(issues(tuple, { to: '', either: 3 })).toEqual(['args[0].either: does not match any subschemas']);
  expect(issues(tuple, { to: '', other: 3 })).toEqual(['args[0].other: the task takes no such argument']);
  expect(issues(tuple, { to: '' }, 'long')).toEqual(['args[1]: is too long (4 > 2)']);
  expect(issues(tuple, { to: '' }, 'ok', 3)).toEqual(['args[2]: the task takes no such argument']);
  expect(issues(tuple, { to: '' }, 'ok')).toEqual([]);
});

it('all that is wrong is named, each once', () => {
  expect(issues(tuple, { 'a b': 3 }, 'long')).toHaveLength(3);
  const twice = { allOf: [{ minItems: 1 }, { minItems: 1 }] };
  expect(issues(twice)).toEqual(['args: has too few items (0 < 1)']);
});

it('no value is named', () => {
  const items = [{ minimum: 3 }, { maximum: 3 }, { exclusiveMinimum: 3 }, { exclusiveMaximum: 3 }, { multipleOf: 4 }];
  for (const one of items) expect(issues({ items: one }, 3.0007, 2.9997).join()).not.toContain('7');
});

it('a format is not checked, as libraries differ in it; a member of that name is', () => {
  expect(issues({ items: { type: 'string', format: 'email' } }, 'nobody')).toEqual([]);
  expect(issues({ items: { properties: { format: { type: 'string' } } } }, { format: 1 })).toHaveLength(1);
  expect(issues({ items: { const: { format: 'a' } } }, { format: 'a' })).toEqual([]);
});

it.each([
  { not: { format: 'email' } },
  { not: { minLength: 5 } },
  JSON.parse('{ "if": { "format": "email" }, "then": false }'),
  { oneOf: [{ format: 'email' }, { minLength: 2 }] },
  { contains: { minLength: 5 }, maxContains: 0 },
  { $defs: { long: { minLength: 5 } }, not: { $ref: '#/$defs/long' } },
])('what is widened refuses nothing by being turned: %j', (schema) => {
  const given = 'contains' in schema ? ['four'] : 'four';
  expect(issues({ items: schema }, given)).toEqual([]);
});

it('what needs no widening is checked as it stands', () => {
  expect(issues({ items: { not: { const: 'no' } } }, 'no')).toHaveLength(1);
  expect(issues({ items: { oneOf: [{ type: 'string' }, { minLength: 1 }] } }, 'both')).not.toEqual([]);
});

it('a schema is read as the draft that it names', () => {
  const $schema = 'http://json-schema.org/draft-07/schema#';
  const items = [{ type: 'string' }];
  expect(issues({ $schema, items, additionalItems: false }, 'a', 'b')).toEqual([
    'args[1]: the task takes no such argument',
  ]);
});
