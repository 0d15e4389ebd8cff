import { InvalidArgumentsError } from '@carillon/core';
import { task } from '@carillon/worker';
import { runTask } from '@carillon/worker/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';

it('run gets what the schema makes of the arguments', async () => {
  const day = task({
    args: z.tuple([z.iso.datetime().transform((text) => new Date(text))]),
    run: (at) => at.getTime(),
  });
  expect(await runTask(day, ['2026-01-01T00:00:00Z'])).toBe(Date.UTC(2026, 0, 1));
});

it('what is wrong is named by its path, and run is not called', async () => {
  const called: unknown[] = [];
  const table = z.record(z.string(), z.object({ ids: z.array(z.int()) }));
  const fill = task({ args: z.tuple([z.string(), table]), run: (...args) => called.push(args) });
  const given = [1, { 'a b': { ids: [1, 'two'] } }] as never;
  const error = await runTask(fill, given).catch((thrown: unknown) => thrown as InvalidArgumentsError);
  expect(error).toBeInstanceOf(InvalidArgumentsError);
  expect((error as InvalidArgumentsError).issues.map(({ path }) => path)).toEqual(['args[0]', 'args[1]["a b"].ids[1]']);
  expect(called).toEqual([]);
});

it('a schema that waits is waited for', async () => {
  const known = z.string().refine(async (name) => name === 'ada', { error: 'is nobody' });
  const greet = task({ args: z.tuple([known]), run: (name) => `hello ${name}` });
  expect(await runTask(greet, ['ada'])).toBe('hello ada');
  await expect(runTask(greet, ['bob'])).rejects.toThrow('args[0]: is nobody');
});

it('a message has ten issues, and how many more there are', () => {
  const issues = Array.from({ length: 12 }, (_, index) => ({ path: `args[${index}]`, message: 'is wrong' }));
  const { message } = new InvalidArgumentsError(issues);
  expect(message).toMatch(/^args\[0\]: is wrong; .*args\[9\]: is wrong; and 2 more$/);
});

it.each([
  [undefined, 'task: undefined is not an object: give { args, run }'],
  [{ args: z.tuple([]) }, 'task: run undefined is not a function'],
  [{ args: ['string'], run: () => {} }, 'is not a schema'],
  [{ args: z.tuple([]), run: () => {}, name: 'x' }, 'name'],
])('%j is refused', (definition, message) => {
  expect(() => task(definition as never)).toThrow(message);
});

it('a schema that makes no list of the arguments is refused when it does so', async () => {
  const schema = z.tuple([z.string()]).transform(([one]) => one) as unknown as z.ZodTuple<[z.ZodString]>;
  const odd = task({ args: schema, run: () => {} });
  await expect(odd('one')).rejects.toThrow('which is not a list');
});
