import { z } from 'zod';
import type { ServingLook } from '../ports/term-store.js';
import { isLiving } from './task-places.js';

/** What a leader knows of the workers of an executor. */
export interface Serving {
  /** Living workers. */
  readonly workers: number;
  /** How long a run of it lately kept a slot busy, ms: the longest mean of its workers; null if not known. */
  readonly meanMs: number | null;
  /** It has a limit in the whole cluster: its queue counts deliveries. */
  readonly isLimited: boolean;
}

const infoSchema = z.object({
  executors: z.array(z.object({ alias: z.string(), meanMs: z.number().nonnegative().nullable().default(null) })),
  leaseMs: z.number(),
});

/** The workers of each executor, by its alias. Workers whose report cannot be read are left out. */
export function servingOf({ now, workers, limited }: ServingLook): ReadonlyMap<string, Serving> {
  const known = new Map<string, Serving>();
  for (const { heardAt, json } of workers) {
    const { executors, leaseMs } = infoOf(json);
    if (!isLiving(now - heardAt, leaseMs)) continue;
    for (const { alias, meanMs } of executors) {
      const { workers: others = 0, meanMs: longest = null } = known.get(alias) ?? {};
      const longer = meanMs === null || longest === null ? (meanMs ?? longest) : Math.max(meanMs, longest);
      known.set(alias, { workers: others + 1, meanMs: longer, isLimited: limited.includes(alias) });
    }
  }
  return known;
}

function infoOf(json: string | null): z.infer<typeof infoSchema> {
  try {
    return infoSchema.parse(JSON.parse(json ?? ''));
  } catch {
    return { executors: [], leaseMs: 0 };
  }
}
