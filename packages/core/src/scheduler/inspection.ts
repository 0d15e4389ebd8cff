import { z } from 'zod';
import { type Contracts, contractsSchema } from '../contract/published.js';
import type { ServedExecutor } from '../event/events.js';
import { servedExecutorSchema } from '../event/schema.js';
import type { StoreCounts, StoreLook } from '../ports/store-look.js';
import { UNSERVED_REASONS, type UnservedExecutor } from './unserved.js';

/** A job store as a whole, at one instant, for its operators. */
export interface JobStoreInspection {
  readonly jobStore: string;
  /** The store's time, the one clock of the cluster. */
  readonly now: Date;
  /** The format in which it is written: the highest that all living coordinators and workers can read. */
  readonly format: number;
  /** The coordinators and workers, and the highest format that each reads; null if not known. */
  readonly readers: readonly FormatReader[];
  /** How long the leader may lead without renewing its lease, and the number of its term; null if no coordinator leads. */
  readonly leader: { readonly epoch: number | null; readonly until: Date } | null;
  /** Whether all firing is stopped. */
  readonly paused: boolean;
  readonly counts: StoreCounts;
  /** When the first fire is due, and when the first run in the outbox is to be delivered; null if there is none. */
  readonly nextDue: Date | null;
  readonly nextDelivery: Date | null;
  readonly workers: readonly InspectedWorker[];
  /** At most 500 of the runs that are owed: started runs first, then others in no particular order. */
  readonly runs: readonly InspectedRun[];
  /** The executors of these runs that have limits in the whole cluster. */
  readonly queues: readonly InspectedQueue[];
  /** At most 100 of the records in quarantine. */
  readonly quarantined: readonly QuarantinedEntry[];
}

/** A coordinator or worker, and the highest format that it reads. The lowest of these limits the format of the job store. */
export interface FormatReader {
  readonly role: 'coordinator' | 'worker';
  readonly id: string;
  readonly reads: number | null;
}

export interface InspectedWorker {
  readonly workerId: string;
  readonly lastSeen: Date;
  /** How long the worker may be silent until its runs are run again elsewhere, ms; null if not known. */
  readonly leaseMs: number | null;
  readonly executors: readonly ServedExecutor[];
  readonly tasks: readonly string[];
  /** For each task that checks its arguments: a JSON Schema of all arguments, as a list. */
  readonly contracts: Contracts;
  /** The executors that it should serve, and has not served for some seconds. */
  readonly unserved: readonly UnservedExecutor[];
}

export interface InspectedRun {
  readonly runId: string;
  /** null if it was enqueued without a job, or is not known. */
  readonly jobId: string | null;
  /** null if its record cannot be read. */
  readonly task: string | null;
  readonly executor: string | null;
  /**
   * `waiting`: for an instance of its job. `scheduled`: for when it was asked for. `undelivered`: to be put on its executor's queue.
   * `queued`: for a worker. `retrying`: for its time to be tried again. null if its record cannot be read.
   */
  readonly state: 'waiting' | 'scheduled' | 'undelivered' | 'queued' | 'running' | 'retrying' | null;
  /** When its first unsettled fire time was due. */
  readonly due: Date | null;
  /** How often that fire time was started; 0 if it was not yet. */
  readonly attempt: number;
  /** The `maxInstances` of its job; null if it was enqueued without a job, or is not known. */
  readonly maxInstances: number | null;
}

/** The limits of an executor in a job store, and how much of them is in use. */
export interface InspectedQueue {
  readonly executor: string;
  /** null means no limit. */
  readonly globalConcurrency: number | null;
  /** Deliveries that workers have, as `globalConcurrency` counts them. */
  readonly taken: number;
  /** null means no limit. */
  readonly rateLimit: { readonly max: number; readonly durationMs: number } | null;
  /** How many ms until the rate limit lets a run begin; 0 if it lets one begin now. */
  readonly limitedForMs: number;
}

export interface QuarantinedEntry {
  readonly id: string;
  readonly why: string;
  readonly at: Date | null;
}

/** How many runs, and quarantined records, are listed. */
export const INSPECTED = { runs: 500, quarantined: 100 };

const unservedSchema = z.object({
  executor: z.string(),
  // A newer worker may have more reasons.
  reason: z.enum(UNSERVED_REASONS).catch('not_taking'),
  forMs: z.number(),
  why: z.string(),
});
const workerSchema = z.object({
  executors: z.array(servedExecutorSchema),
  tasks: z.array(z.string()),
  contracts: contractsSchema.default({}),
  leaseMs: z.number(),
  unserved: z.array(unservedSchema).default([]).catch([]),
});
const quarantinedSchema = z.object({ why: z.string(), at: z.number() });

export function inspectionOf(jobStore: string, look: StoreLook): JobStoreInspection {
  const { now, ledUntil, epoch, paused, counts, nextDueAt, outboxAt } = look;
  return {
    jobStore,
    now: new Date(now),
    format: look.format.format,
    readers: look.readers.flatMap(({ member, reads }) => readerOf(member, reads) ?? []),
    leader: ledUntil === null ? null : { epoch, until: new Date(ledUntil) },
    paused,
    counts,
    nextDue: dateOrNull(nextDueAt),
    nextDelivery: dateOrNull(outboxAt),
    workers: inspectedWorkers(look.workers),
    runs: look.runs.map((run) => {
      const { runId, jobId, task, state, dueAt, starts } = run;
      const maxInstances = jobId === null ? null : run.maxInstances;
      const executor = run.executor || null;
      return { runId, executor, state, due: dateOrNull(dueAt), attempt: starts ?? 0, maxInstances, jobId, task };
    }),
    queues: look.queues,
    quarantined: look.quarantined.map(({ id, json }) => {
      const record = read(quarantinedSchema, json);
      return { id, why: record?.why ?? 'not known', at: dateOrNull(record?.at ?? null) };
    }),
  };
}

function readerOf(member: string, reads: number | null): FormatReader | undefined {
  const [, role, id = ''] = /^(coordinator|worker) (.+)$/.exec(member) ?? [];
  return role === undefined ? undefined : { role: role as FormatReader['role'], id, reads };
}

export function inspectedWorkers(workers: StoreLook['workers']): readonly InspectedWorker[] {
  return workers.map(({ workerId, heardAt, json }) => {
    const { unserved, ...worker } = read(workerSchema, json) ?? UNKNOWN_WORKER;
    const since = unserved.map(({ forMs, ...one }) => ({ ...one, since: new Date(heardAt - forMs) }));
    return { workerId, lastSeen: new Date(heardAt), ...worker, unserved: since };
  });
}

const UNKNOWN_WORKER = { executors: [], tasks: [], contracts: {}, leaseMs: null, unserved: [] };

function read<T>(schema: z.ZodType<T>, json: string | null): T | null {
  try {
    return schema.safeParse(JSON.parse(json ?? 'null')).data ?? null;
  } catch {
    return null;
  }
}

function dateOrNull(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
