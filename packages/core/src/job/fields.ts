import { z } from 'zod';
import type { JsonValue } from '../json.js';
import { usesAnchor } from '../trigger/index.js';
import { storedTriggerSchema } from '../trigger/stored-trigger.js';
import { type AccountLimits, accountLimits } from './account-limits.js';
import type { JobField } from './field.js';
import { DEFAULT_HISTORY, type HistoryPolicy } from './history.js';
import * as options from './policy-checks.js';
import type { RetryPolicy } from './retry.js';
import { retryRecord, retryRecordSchema } from './retry-record.js';
import { aliasSchema, argsSchema, kwargsSchema, taskNameSchema } from './schemas.js';
import { tagsSchema } from './tags.js';
import { text } from './text.js';

const storedHistory = z
  .strictObject({ perJob: z.int().min(1).optional(), ageMs: z.int().min(1).optional() })
  .transform(
    ({ perJob = DEFAULT_HISTORY.perJob, ageMs = DEFAULT_HISTORY.ageMs }): HistoryPolicy => ({ perJob, ageMs }),
  );

/**
 * The fields of a job, in the order of its record: what checks, fills, stores, shows, compares and exports jobs goes through these rows,
 * and so do the options of commands and the console's API. A new field is a row here (`field.ts` says what its members mean), its option
 * in `spec.ts`, its member in `scheduler/job.ts`, and, unless it is only shown, its reader: `coordinator/src/plan.ts`, or where a worker
 * acts on it. `docs/contributing/recipes.md` names the files.
 */
export const JOB_FIELDS = {
  task: { stored: taskNameSchema },
  args: { stored: argsSchema, default: [] as readonly JsonValue[] },
  kwargs: { stored: kwargsSchema, default: undefined },
  name: {
    belongsTo: 'job',
    option: text('a name').optional(),
    stored: z.string(),
    default: undefined,
    kind: 'text',
    command: { flags: '--name <name>', help: 'for people' },
  },
  /** Sorted, each once. */
  tags: {
    belongsTo: 'job',
    option: tagsSchema.optional(),
    stored: z.array(z.string()).min(1) as z.ZodType<readonly string[]>,
    default: [] as readonly string[],
  },
  description: {
    belongsTo: 'job',
    option: text('a description', 1_000).nullable().optional(),
    stored: z.string(),
    default: null,
    kind: 'text',
    command: {
      flags: '--description <text>',
      help: 'what it is for',
      without: 'nothing is said of what it is for',
    },
  },
  trigger: { stored: storedTriggerSchema },
  /** The zone the trigger was resolved with, if it reads the clock of one. */
  timezone: { stored: z.string(), default: undefined },
  /** When it was added, ms: the anchor of an interval without a start. */
  anchor: {
    stored: z.int(),
    default: 0,
    write: (anchor: number, { trigger }) => (usesAnchor(trigger) ? anchor : undefined),
    hidden: true,
  },
  executor: {
    belongsTo: 'execution',
    option: aliasSchema.optional(),
    stored: aliasSchema,
    default: 'default',
    readBy: ['ledger'],
    kind: 'text',
    command: { flags: '--executor <alias>', help: 'the queue it runs in (default: default)' },
  },
  maxInstances: {
    belongsTo: 'policy',
    option: options.maxInstances,
    stored: z.int().min(1),
    default: 1,
    readBy: ['ledger'],
    kind: 'count',
    command: { flags: '--max-instances <n>', help: 'how many of its runs may live at once (default: 1)' },
  },
  misfireGraceTime: {
    belongsTo: 'policy',
    option: options.misfireGraceTime,
    key: 'misfireGraceMs',
    stored: z.int().min(0),
    default: null,
    readBy: ['planner', 'ledger'],
    kind: 'duration',
    command: {
      flags: '--misfire-grace-time <duration>',
      help: 'how late a run may start (default: no limit)',
      without: 'no limit',
    },
  },
  coalesce: {
    belongsTo: 'policy',
    option: z.boolean({ error: 'must be true or false' }).optional(),
    stored: z.literal(false),
    default: true,
    readBy: ['planner'],
    kind: 'flag',
    command: {
      flags: '--coalesce',
      help: 'run the newest fire time of a backlog for all (default)',
      without: 'run each fire time of a backlog',
    },
  },
  overlap: {
    belongsTo: 'policy',
    option: options.overlap,
    stored: z.enum(['queue', 'replace']),
    default: 'skip',
    readBy: ['ledger'],
    kind: ['skip', 'queue', 'replace'],
    command: { flags: '--overlap <rule>', help: 'what a fire beyond that does (default: skip)' },
  },
  priority: {
    belongsTo: 'execution',
    option: options.priority,
    stored: z.int().min(1),
    default: 0,
    readBy: ['ledger'],
    kind: 'whole number',
    command: { flags: '--priority <n>', help: 'which go first: 0, then 1, 2, … (default: 0)' },
  },
  /** Of one execution; null means no limit. */
  timeout: {
    belongsTo: 'execution',
    option: options.timeout,
    key: 'timeoutMs',
    stored: z.int().min(1),
    default: null,
    readBy: ['worker'],
    kind: 'duration',
    command: {
      flags: '--timeout <duration>',
      help: 'how long one execution may take (default: no limit)',
      without: 'no limit',
    },
  },
  retry: {
    belongsTo: 'execution',
    option: options.retry.nullable().optional(),
    stored: retryRecordSchema,
    default: null,
    write: (retry: RetryPolicy | null) => (retry ? retryRecord(retry) : undefined),
    readBy: ['worker'],
  },
  /** null if only the last outcome is kept. */
  history: {
    belongsTo: 'policy',
    option: options.history.nullable().optional(),
    stored: storedHistory,
    default: null,
    write: (history: HistoryPolicy | null) => (history ? historyRecord(history) : undefined),
    show: (history: HistoryPolicy | null) => history && { perJob: history.perJob, age: history.ageMs },
    readBy: ['ledger'],
  },
  /** null: as much as the job store keeps of any job. */
  account: {
    belongsTo: 'policy',
    option: accountLimits.nullable().optional(),
    stored: z.strictObject({ entries: z.int().min(1), ageMs: z.int().min(1) }),
    default: null,
    write: (limits: AccountLimits | null) => (limits ? { entries: limits.entries, ageMs: limits.ageMs } : undefined),
    show: (limits: AccountLimits | null) => limits && { entries: limits.entries, age: limits.ageMs },
  },
  /** The number of fire times, as it was given; null means no limit. */
  maxRuns: { belongsTo: 'job', option: options.maxRuns, stored: z.int().min(1), default: null },
  /** The last of them, ms; null if there is no limit, or the job is paused. */
  lastFireTime: { stored: z.int(), default: null, hidden: true },
  /** How many of them are left to a paused job. */
  runsLeft: { stored: z.int().min(0), default: null, hidden: true },
  metrics: {
    belongsTo: 'job',
    option: z.boolean({ error: 'must be true or false' }).optional(),
    stored: z.literal(true),
    default: false,
    kind: 'flag',
    command: {
      flags: '--metrics',
      help: 'metrics report it by its id',
      without: 'metrics do not report it',
    },
  },
  /** Added with `replaceExisting`: leaves a tombstone when it finishes. */
  replaceExisting: { stored: z.literal(true), default: false, fixed: true },
} as const satisfies Readonly<Record<string, JobField>>;

function historyRecord({ perJob, ageMs }: HistoryPolicy): z.input<typeof storedHistory> {
  return {
    perJob: perJob === DEFAULT_HISTORY.perJob ? undefined : perJob,
    ageMs: ageMs === DEFAULT_HISTORY.ageMs ? undefined : ageMs,
  };
}
