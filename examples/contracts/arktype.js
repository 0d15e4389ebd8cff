import { type } from 'arktype';
import { task } from 'carillon';

const letter = type({ to: 'string.email', copies: 'number.integer >= 1 = 1' });

export const tasks = {
  'mail.send': task({
    args: type([letter]),
    run: async ({ to, copies }) => `${copies} to ${to}`,
  }),
};
