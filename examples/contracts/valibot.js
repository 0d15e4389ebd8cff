import { toJsonSchema } from '@valibot/to-json-schema';
import { task } from 'carillon';
import * as v from 'valibot';

const letter = v.object({
  to: v.pipe(v.string(), v.email()),
  copies: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
});
const args = v.tuple([letter]);

export const tasks = {
  'mail.send': task({
    args,
    jsonSchema: toJsonSchema(args, { typeMode: 'input' }),
    run: async ({ to, copies }) => `${copies} to ${to}`,
  }),
};
