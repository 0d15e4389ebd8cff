import { z } from '@hono/zod-openapi';

const store = z.string().openapi({ description: 'the alias of a job store' });

/** In the path of what is in a job store. */
export const inStore = z.object({ store });

/** In the path of what is of a job. */
export const ofJob = z.object({ store, job: z.string().openapi({ description: 'the id of a job, percent-encoded' }) });

/** In the path of what is of a run. */
export const ofRun = z.object({ store, run: z.string().openapi({ description: 'the id of a run' }) });

/** In the path of what is of a record in quarantine. */
export const ofRecord = z.object({ store, record: z.string().openapi({ description: 'its id, percent-encoded' }) });

/** Names with commas between, as a list; undefined where there are none. */
export function listOf<T extends string>(names: string | undefined): readonly T[] | undefined {
  return names === undefined ? undefined : (names.split(',').map((name) => name.trim()) as T[]);
}

export function dateOf(instant: string | undefined): Date | undefined {
  return instant === undefined ? undefined : new Date(instant);
}
