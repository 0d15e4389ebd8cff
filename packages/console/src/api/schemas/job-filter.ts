import type { JobFilter } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import { listOf } from '../routes/params.js';
import { instantWithOffset, names } from './scalars.js';

const common = {
  text: z
    .string()
    .optional()
    .openapi({ description: 'a text in the id, name, task, description or a tag, in upper or lower case' }),
  task: z.string().optional(),
  executor: z.string().optional(),
  state: z.enum(['scheduled', 'paused', 'running']).optional(),
  lastOutcome: z.enum(['executed', 'error', 'cancelled', 'none']).optional(),
  dueBefore: instantWithOffset.optional(),
};

/** Which jobs are meant, in a query. */
export const filterQuery = {
  ...common,
  tags: names.optional().openapi({ description: 'the job has all of these tags, separated by commas' }),
};

/** The same in a body. */
export const jobFilter = z
  .strictObject({ ...common, tags: z.array(z.string()).optional().openapi({ description: 'it has all of these' }) })
  .openapi('JobFilter', { description: 'a job matches if it satisfies all members; an empty filter matches all jobs' });

interface Given extends Omit<JobFilter, 'tags' | 'dueBefore'> {
  readonly tags?: string | readonly string[] | undefined;
  readonly dueBefore?: string | undefined;
}

/** As core takes it; empty: all jobs. */
export function filterOf({ tags, dueBefore, ...others }: Given): JobFilter {
  const wanted = typeof tags === 'string' ? listOf(tags) : tags;
  const due = dueBefore === undefined ? undefined : new Date(dueBefore);
  const all = { ...others, tags: wanted, dueBefore: due };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
