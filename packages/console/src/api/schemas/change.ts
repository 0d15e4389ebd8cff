import type { Job } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import type { Caller } from '../../auth/identity.js';
import type { Answer } from '../route.js';
import { job, jobJson } from './job.js';
import { instant } from './scalars.js';

const subject = z.record(z.string(), z.unknown()).nullable();

/** What a dry run returns. */
export const change = z
  .strictObject({
    dryRun: z.literal(true),
    before: subject.openapi({ description: 'as it is; null: there is none' }),
    after: subject.openapi({ description: 'as it would be; null: there would be none' }),
    fires: z.strictObject({
      before: z.array(instant).openapi({ description: 'the next 10 fire times of the present job' }),
      after: z.array(instant).openapi({ description: 'the next 10 fire times of the changed job' }),
      gained: z.array(instant).openapi({ description: 'the fire times that only the changed job has' }),
      lost: z.array(instant).openapi({ description: 'the fire times that only the present job has' }),
    }),
  })
  .openapi('Change', { description: 'the changes that the write would make without `dryRun`' });

/** The answer of a write of a job. */
export const jobOrChange = z.union([job, change]);

const COUNT = 10;

/** What would change of a job. */
export function jobChange<T>(before: Job<T> | undefined, after: Job<T> | undefined, caller: Caller): Answer {
  const [old, made] = [before, after].map(firesOf) as [readonly Date[], readonly Date[]];
  // Beyond the last of the shorter list, nothing is known of the other one.
  const known = Math.min(...[old, made].map((fires) => (fires.length < COUNT ? Infinity : Number(fires.at(-1)))));
  const onlyIn = (some: readonly Date[], others: readonly Date[]) =>
    some.filter((at) => at.getTime() <= known && !others.some((other) => other.getTime() === at.getTime()));
  const fires = { before: old, after: made, gained: onlyIn(made, old), lost: onlyIn(old, made) };
  const json = (one: Job<T> | undefined) => (one ? jobJson(one, caller) : null);
  return { body: { dryRun: true, before: json(before), after: json(after), fires } };
}

/** What would change of something else. */
export function plainChange(before: object | null, after: object | null): Answer {
  return { body: { dryRun: true, before, after, fires: { before: [], after: [], gained: [], lost: [] } } };
}

/** Of a paused job: none. */
function firesOf<T>(job: Job<T> | undefined): readonly Date[] {
  if (!job?.nextRunTime) return [];
  return job.preview({ after: new Date(job.nextRunTime.getTime() - 1), count: COUNT }).fireTimes;
}
