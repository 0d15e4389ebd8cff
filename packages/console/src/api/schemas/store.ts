import type { JobStoreInspection } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import type { Caller } from '../../auth/identity.js';
import { REDACTED } from './error.js';
import { instant, ms } from './scalars.js';

const counts = z.looseObject({
  jobs: z.int(),
  schedule: z.int().openapi({ description: 'jobs that are not paused' }),
  outbox: z.int(),
  runs: z.int().openapi({ description: 'runs that are owed' }),
  leases: z.int().openapi({ description: 'runs that were started and not settled' }),
  quarantine: z.int(),
});

export const worker = z
  .strictObject({
    workerId: z.string(),
    lastSeen: instant,
    leaseMs: ms.nullable(),
    executors: z.array(z.strictObject({ alias: z.string(), kind: z.string(), concurrency: z.int() })),
    tasks: z.array(z.string()),
    contracts: z
      .record(z.string(), z.looseObject({}))
      .openapi({ description: 'by task, a JSON Schema of its arguments, as a list' }),
    unserved: z.array(z.looseObject({ executor: z.string(), reason: z.string(), why: z.string(), since: instant })),
  })
  .openapi('Worker');

const leader = z.strictObject({ epoch: z.int().nullable(), until: instant }).nullable();

const reader = z.strictObject({
  role: z.enum(['coordinator', 'worker']),
  id: z.string(),
  reads: z.int().nullable(),
});

export const inspection = z
  .strictObject({
    jobStore: z.string(),
    now: instant,
    format: z.int(),
    readers: z.array(reader),
    leader,
    paused: z.boolean(),
    counts,
    nextDue: instant.nullable(),
    nextDelivery: instant.nullable(),
    workers: z.array(worker),
    runs: z.array(z.looseObject({ runId: z.string() })),
    queues: z.array(z.looseObject({ executor: z.string() })),
    quarantined: z.array(z.strictObject({ id: z.string(), why: z.string(), at: instant.nullable() })),
  })
  .openapi('JobStore', { description: 'as `carillon doctor --json` has it' });

/** Why a record cannot be read quotes it. */
export function inspectionJson(one: JobStoreInspection, { redact }: Pick<Caller, 'redact'>): object {
  if (redact.size === 0) return one;
  return { ...one, quarantined: one.quarantined.map((record) => ({ ...record, why: REDACTED })) };
}

export const measure = z
  .strictObject({
    now: instant,
    isLed: z.boolean(),
    epoch: z.int().nullable(),
    paused: z.boolean(),
    counts,
    nextDue: instant.nullable(),
    nextDelivery: instant.nullable(),
    events: z
      .record(z.string(), z.int())
      .openapi({ description: 'how many events of each type were published since the job store was created' }),
    coordinators: z.array(z.strictObject({ coordinatorId: z.string(), leads: z.boolean() })),
    executors: z.array(
      z.strictObject({
        executor: z.string(),
        waiting: z.int(),
        taken: z.int(),
        oldest: instant.nullable().openapi({ description: 'when the oldest waiting delivery was queued' }),
      }),
    ),
  })
  .openapi('Measure');
