import { z } from 'zod';
import { errorInfo } from '../event/outcome.js';
import type { JsonObject } from '../json.js';
import type { StoredJob, UnreadableJob } from '../ports/job-records.js';
import { traceSchema } from '../telemetry/trace.js';
import { type CompiledTrigger, usesAnchor } from '../trigger/index.js';
import { storedTriggerSchema } from '../trigger/stored-trigger.js';
import { aliasSchema, argsSchema, checkJobId, kwargsSchema, taskNameSchema } from './checks.js';
import type { JobDefinition } from './definition.js';
import { DEFAULT_HISTORY, type HistoryPolicy } from './history.js';
import { compileJob } from './limit.js';
import { memberwise } from './memberwise.js';
import { retryRecord, retryRecordSchema } from './payload.js';

/** The JSON of a job in its store: what differs from the defaults. */
const KNOWN = {
  metrics: z.literal(true).optional(),
  account: z.strictObject({ entries: z.int().min(1), ageMs: z.int().min(1) }).optional(),
  tags: z.array(z.string()).min(1).optional(),
  task: taskNameSchema,
  args: argsSchema.optional(),
  kwargs: kwargsSchema.optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  trigger: storedTriggerSchema,
  timezone: z.string().optional(),
  anchor: z.int().optional(),
  executor: aliasSchema.optional(),
  maxInstances: z.int().min(1).optional(),
  misfireGraceMs: z.int().min(0).optional(),
  coalesce: z.literal(false).optional(),
  overlap: z.enum(['queue', 'replace']).optional(),
  priority: z.int().min(1).optional(),
  timeoutMs: z.int().min(1).optional(),
  retry: retryRecordSchema.optional(),
  history: z.strictObject({ perJob: z.int().min(1).optional(), ageMs: z.int().min(1).optional() }).optional(),
  maxRuns: z.int().min(1).optional(),
  lastFireTime: z.int().optional(),
  runsLeft: z.int().min(0).optional(),
  replaceExisting: z.literal(true).optional(),
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

export function encodeJob(definition: JobDefinition): string {
  const { task, args, kwargs, name, trigger, timezone, anchor, executor, maxInstances, misfireGraceMs } = definition;
  const { overlap, retry, history } = definition;
  return JSON.stringify({
    // First, in this order: `redis/lua/lib/metered.lua` and `redis/lua/lib/bounded.lua` look for them at the beginning of the JSON.
    metrics: definition.metrics || undefined,
    account: definition.account ? { entries: definition.account.entries, ageMs: definition.account.ageMs } : undefined,
    tags: definition.tags.length > 0 ? [...definition.tags] : undefined,
    ...definition.unknown,
    task,
    args: args.length > 0 ? args : undefined,
    kwargs,
    name,
    description: definition.description,
    trigger,
    timezone,
    anchor: usesAnchor(trigger) ? anchor : undefined,
    executor: executor === 'default' ? undefined : executor,
    maxInstances: maxInstances === 1 ? undefined : maxInstances,
    misfireGraceMs: misfireGraceMs ?? undefined,
    coalesce: definition.coalesce ? undefined : false,
    overlap: overlap === 'skip' ? undefined : overlap,
    priority: definition.priority || undefined,
    timeoutMs: definition.timeoutMs ?? undefined,
    retry: retry ? retryRecord(retry) : undefined,
    history: history ? historyRecord(history) : undefined,
    maxRuns: definition.maxRuns ?? undefined,
    lastFireTime: definition.lastFireTime ?? undefined,
    runsLeft: definition.runsLeft ?? undefined,
    replaceExisting: definition.replaceExisting || undefined,
    since: definition.since,
    trace: definition.trace,
  } satisfies z.input<typeof recordSchema>);
}

/** What stands in a record besides what this release knows; undefined: nothing. */
function unknownOf(record: Readonly<Record<string, unknown>>): JsonObject | undefined {
  const unknown = Object.entries(record).filter(([name]) => !Object.hasOwn(KNOWN, name));
  return unknown.length > 0 ? (Object.fromEntries(unknown) as JsonObject) : undefined;
}

function historyRecord({ perJob, ageMs }: HistoryPolicy): z.input<typeof recordSchema>['history'] {
  return {
    perJob: perJob === DEFAULT_HISTORY.perJob ? undefined : perJob,
    ageMs: ageMs === DEFAULT_HISTORY.ageMs ? undefined : ageMs,
  };
}

function historyOf({
  perJob = DEFAULT_HISTORY.perJob,
  ageMs = DEFAULT_HISTORY.ageMs,
}: NonNullable<z.output<typeof recordSchema>['history']>): HistoryPolicy {
  return { perJob, ageMs };
}

/** A job that was read, and what its record says. */
export interface ReadableJob extends StoredJob {
  readonly definition: JobDefinition;
  readonly compiled: CompiledTrigger;
}

/** Reads a job's record, or says why it cannot be read. */
export function decodeJob(stored: StoredJob): ReadableJob | UnreadableJob {
  try {
    checkJobId(stored.id);
    const given: unknown = JSON.parse(stored.json);
    const known = readMembers(given);
    const record = known ?? recordSchema.parse(given);
    const definition: JobDefinition = {
      task: record.task,
      args: record.args ?? [],
      kwargs: record.kwargs,
      name: record.name,
      tags: record.tags ?? [],
      description: record.description,
      trigger: record.trigger,
      timezone: record.timezone,
      anchor: record.anchor ?? 0,
      executor: record.executor ?? 'default',
      maxInstances: record.maxInstances ?? 1,
      misfireGraceMs: record.misfireGraceMs ?? null,
      coalesce: record.coalesce ?? true,
      overlap: record.overlap ?? 'skip',
      priority: record.priority ?? 0,
      timeoutMs: record.timeoutMs ?? null,
      retry: record.retry ?? null,
      history: record.history ? historyOf(record.history) : null,
      account: record.account ?? null,
      maxRuns: record.maxRuns ?? null,
      lastFireTime: record.lastFireTime ?? null,
      runsLeft: record.runsLeft ?? null,
      replaceExisting: record.replaceExisting ?? false,
      metrics: record.metrics ?? false,
      since: record.since,
      trace: record.trace,
      unknown: known ? undefined : unknownOf(record),
    };
    const { id, rev, generation, digest, json, pending, last } = stored;
    return { id, rev, generation, digest, json, pending, last, definition, compiled: compileJob(id, definition) };
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
