import { z } from 'zod';

const unservedSchema = z.object({
  jobStore: z.string().optional(),
  executor: z.string().optional(),
  since: z.coerce.date(),
  why: z.string(),
});
type Unserved = z.output<typeof unservedSchema>;

const partSchema = z.object({ unserved: z.array(unservedSchema).default([]) });

/** What a server reports: about itself at the top, or about each part, where one process has several. */
const healthSchema = partSchema.extend({
  status: z.string(),
  coordinator: partSchema.optional(),
  worker: partSchema.optional(),
});

/**
 * Why a server is not healthy, a line each; empty: it is.
 * @param graceMs what has not been served for less than that does not count
 */
export function complaints(answer: unknown, now: Date, graceMs: number): readonly string[] {
  const { data: health } = healthSchema.safeParse(answer);
  if (health?.status !== 'running') return ['the server is not running'];
  const unserved = [health, health.coordinator, health.worker].flatMap((part) => part?.unserved ?? []);
  return unserved
    .filter(({ since }) => now.getTime() - since.getTime() >= graceMs)
    .map((one) => `${nameOf(one)} is not served, since ${one.since.toISOString()}: ${one.why}`);
}

function nameOf({ jobStore, executor }: Unserved): string {
  const store = `job store ${JSON.stringify(jobStore)}`;
  return executor === undefined ? store : `executor ${JSON.stringify(executor)} of ${store}`;
}
