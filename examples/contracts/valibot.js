import { task } from 'carillon';
import * as v from 'valibot';

const letter = v.object({
  to: v.pipe(v.string(), v.email()),
  copies: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
});

export const tasks = {
  'mail.send': task({
    args: v.tuple([letter]),
    run: async ({ to, copies }) => `${copies} to ${to}`,
  }),
};
