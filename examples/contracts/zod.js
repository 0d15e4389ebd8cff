import { task } from 'carillon';
import { z } from 'zod';

const letter = z.object({ to: z.email(), copies: z.int().min(1).default(1) });

export const tasks = {
  'mail.send': task({
    args: z.tuple([letter]),
    run: async ({ to, copies }) => `${copies} to ${to}`,
  }),
};
