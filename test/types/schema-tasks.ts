import { type } from 'arktype';
import { Scheduler, task } from 'carillon';
import * as v from 'valibot';
import { z } from 'zod';

const at = z.iso.datetime().transform((text) => new Date(text));
const tasks = {
  zod: task({ args: z.tuple([z.string(), at]), run: async (name, when) => `${name.trim()} ${when.getTime()}` }),
  valibot: task({ args: v.tuple([v.object({ id: v.number() })]), run: ({ id }) => id.toFixed() }),
  arktype: task({ args: type([{ id: 'number' }]), run: ({ id }) => id + 1 }),
  optional: task({ args: z.tuple([z.string().optional()]), run: (name = 'you') => name }),
  rest: task({ args: z.array(z.number()), run: (...all) => all.length }),
  plain: (name: string) => name,
};
const scheduler = new Scheduler<typeof tasks>({ redis: 'redis://localhost' });

// Callers pass the schema's input, and `run` gets its output.
await scheduler.addJob({ task: 'zod', args: ['ada', '2026-01-01T00:00:00Z'] });
await scheduler.addJob({ task: 'valibot', args: [{ id: 1 }] });
await scheduler.addJob({ task: 'valibot', kwargs: { id: 1 } });
await scheduler.addJob({ task: 'optional' });
await scheduler.enqueue('rest', [1, 2, 3]);
await scheduler.enqueue('plain', ['ada']);
const sum: number = await (await scheduler.enqueue('arktype', [{ id: 1 }])).result();
sum.toFixed();

// @ts-expect-error an argument is of another type
await scheduler.addJob({ task: 'valibot', args: [{ id: 'one' }] });
// @ts-expect-error one is left out
await scheduler.addJob({ task: 'zod', args: ['ada'] });
// @ts-expect-error a Date is what run gets, not what callers give
await scheduler.enqueue('zod', ['ada', new Date()]);
// @ts-expect-error a schema of one value is not a schema of a list
task({ args: z.string(), run: (name: string) => name });
// @ts-expect-error the schema makes a string of it
task({ args: z.tuple([z.string()]), run: (name: number) => name });
