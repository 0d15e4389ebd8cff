import { z } from 'zod';
import { errorInfo } from '../event/outcome.js';
import type { StoredJob, UnreadableJob } from '../ports/job-records.js';
import { traceSchema } from '../telemetry/trace.js';
import type { CompiledTrigger } from '../trigger/index.js';
import { finished, type Steps } from '../trigger/steps.js';
import { checkJobId } from './checks.js';
import type { JobDefinition } from './definition.js';
import { DEFAULTS, ROWS, type Row, writeFields } from './field-values.js';
import { compileJobInSteps } from './limit.js';
import { memberwise } from './memberwise.js';

// First, in this order: `redis/lua/lib/metered.lua` and `redis/lua/lib/bounded.lua` look for them at the beginning of the JSON.
const FIRST = ['metrics', 'account', 'tags'].map((name) => ROWS.find((row) => row.name === name) as Row);
const OTHERS = ROWS.filter((row) => !FIRST.includes(row));

/** The JSON of a job in its store: what differs from the defaults. */
const KNOWN: Readonly<Record<string, z.ZodType>> = {
  ...Object.fromEntries([...FIRST, ...OTHERS].map((row) => [row.key, storedOf(row)])),
  // The account says it in words, and nothing is decided from it: what cannot be read of it is left out.
  since: z
    .object({
      at: z.int(),
      first: z.int().nullable().optional().catch(undefined),
      actor: z.string().optional().catch(undefined),
      reason: z.string().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  trace: traceSchema,
};
// Members that a newer release knows ride along; what nests is read as a whole.
const recordSchema = z.looseObject(KNOWN);
const readMembers = memberwise(KNOWN, ['task', 'trigger'], ['task', 'executor', 'timezone']);

function storedOf(row: Row): z.ZodType {
  return 'default' in row ? row.stored.optional() : row.stored;
}

export function encodeJob(definition: JobDefinition): string {
  const record: Record<string, unknown> = {};
  writeFields(FIRST, definition, record);
  Object.assign(record, definition.unknown);
  writeFields(OTHERS, definition, record);
  record.since = definition.since;
  record.trace = definition.trace;
  return JSON.stringify(record);
}

/** What a record says, and else the defaults. */
function definitionOf(record: Readonly<Record<string, unknown>>): JobDefinition {
  const values: Record<string, unknown> = { ...DEFAULTS, args: [], tags: [] };
  let unknown: Record<string, unknown> | undefined;
  for (const name of Object.keys(record)) {
    if (Object.hasOwn(KNOWN, name)) {
      if (record[name] !== undefined) values[name] = record[name];
    } else {
      unknown ??= {};
      unknown[name] = record[name];
    }
  }
  values.unknown = unknown;
  return values as unknown as JobDefinition;
}

/** A job that was read, and what its record says. */
export interface ReadableJob extends StoredJob {
  readonly definition: JobDefinition;
  readonly compiled: CompiledTrigger;
}

/** Reads a job's record, or says why it cannot be read. */
export function decodeJob(stored: StoredJob): ReadableJob | UnreadableJob {
  return finished(decodeJobInSteps(stored));
}

/** `decodeJob` in steps. */
export function decodeJobInSteps(stored: StoredJob): Steps<ReadableJob | UnreadableJob> {
  return readJobInSteps(stored, () => JSON.parse(stored.json));
}

/** The same, of a record whose JSON was parsed. */
export function readJob(stored: StoredJob, record: () => unknown): ReadableJob | UnreadableJob {
  return finished(readJobInSteps(stored, record));
}

function* readJobInSteps(stored: StoredJob, record: () => unknown): Steps<ReadableJob | UnreadableJob> {
  try {
    checkJobId(stored.id);
    const given = record();
    const definition = definitionOf(readMembers(given) ?? recordSchema.parse(given));
    const compiled = yield* compileJobInSteps(stored.id, definition);
    const { id, rev, generation, digest, json, pending, last } = stored;
    return { id, rev, generation, digest, json, pending, last, definition, compiled };
  } catch (error) {
    const { id, rev, pending } = stored;
    return { id, rev, why: `its record cannot be read: ${reason(error)}`, pending };
  }
}

function reason(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ');
  }
  return errorInfo(error).message;
}
