import { z } from 'zod';
import type { Quarantined } from '../ports/job-records.js';
import { storedJobOf } from './stored-text.js';

/** What is kept beside a record in quarantine. Only that of a job has a due instant. */
const keptSchema = z.object({
  why: z.string().optional(),
  at: z.number().optional(),
  raw: z.unknown(),
  movedTo: z.string().optional(),
  dueAt: z.string().optional(),
  fireTime: z.string().optional(),
  last: z.string().optional(),
});

/** A record in quarantine, from the JSON that a store keeps of it. */
export function quarantinedOf(name: string, json: string): Quarantined {
  const kept = keptSchema.safeParse(parsed(json)).data;
  if (!kept) return { name, why: 'not known', at: null, raw: json, movedTo: null, job: null };
  const { why = 'not known', at = null, movedTo = null, dueAt, fireTime = null, last = null } = kept;
  const raw = typeof kept.raw === 'string' ? kept.raw : null;
  const id = jobIdOf(name, at);
  const job = dueAt === undefined ? null : storedJobOf(id, { raw, due: dueAt, fire: fireTime, last });
  return { name, why, at, raw, movedTo, job };
}

/** The last outcome that is kept beside the record of a job, whether or not that can be read; null if none is. */
export function lastBeside(json: string): string | null {
  return keptSchema.safeParse(parsed(json)).data?.last ?? null;
}

/** The second record of an id has the time behind it, and so on. */
function jobIdOf(name: string, at: number | null): string {
  const suffix = `@${at}`;
  let id = name;
  while (at !== null && id.endsWith(suffix)) id = id.slice(0, -suffix.length);
  return id;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
