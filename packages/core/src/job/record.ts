import { z } from 'zod';
import { errorInfo } from '../event/outcome.js';
import type { JobFault, StoredJob } from '../ports/job-records.js';
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

/** What the record of a job says. Its trigger can be compiled. Or why it cannot be read. */
export function decodeJob(stored: StoredJob | JobFault): JobDefinition | JobFault {
  if (isFault(stored)) return stored;
  const read = finished(decodeJobInSteps(stored));
  return isFault(read) ? read : read.definition;
}

/** The same in steps, with the trigger, compiled. */
export function* decodeJobInSteps(stored: StoredJob): Steps<Decoded | JobFault> {
  const { id, rev, json, pending } = stored;
  const read = yield* readInSteps(id, () => JSON.parse(json));
  return typeof read === 'string' ? { id, rev, why: `its record cannot be read: ${read}`, pending } : read;
}

/** What a record says whose JSON was parsed, or why it cannot be read. */
export function readRecord(id: string, record: unknown): Decoded | string {
  return finished(readInSteps(id, () => record));
}

export function isFault(read: object): read is JobFault {
  return 'why' in read;
}

interface Decoded {
  readonly definition: JobDefinition;
  readonly compiled: CompiledTrigger;
}

function* readInSteps(id: string, record: () => unknown): Steps<Decoded | string> {
  try {
    checkJobId(id);
    const given = record();
    const definition = definitionOf(readMembers(given) ?? recordSchema.parse(given));
    return { definition, compiled: yield* compileJobInSteps(id, definition) };
  } catch (error) {
    return reason(error);
  }
}

function reason(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ');
  }
  return errorInfo(error).message;
}
