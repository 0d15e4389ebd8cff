import type { Run } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import type { Caller } from '../../auth/identity.js';
import { errorJson, errorSchema } from './error.js';
import { instant, json, nextCursor } from './scalars.js';

const LIVE = ['waiting', 'scheduled', 'queued', 'running', 'retrying'] as const;
const ENDED = ['executed', 'error', 'missed', 'cancelled', 'max_instances'] as const;

const range = z.strictObject({ first: instant, last: instant });

const execution = z.strictObject({
  executionId: z.string(),
  scheduledRunTime: instant,
  settledAt: instant,
  outcome: z.enum(['executed', 'error', 'cancelled']),
  value: json.optional().openapi({ description: 'the result of the task, if it was executed' }),
  error: errorSchema.optional().openapi({ description: 'the error, if it failed' }),
});

export const run = z
  .strictObject({
    runId: z.string(),
    jobId: z.string().nullable(),
    jobStore: z.string(),
    task: z.string(),
    executor: z.string(),
    state: z.enum([...LIVE, ...ENDED]),
    retryOf: z.string().nullable().openapi({ description: 'the failed run that this one replaces' }),
    scheduledRunTimes: z.array(instant),
    executions: z.array(execution),
    missed: range.nullable(),
    attempt: z.int().optional().openapi({ description: 'while it is owed: how often it was started' }),
    retryAt: instant.nullable().optional(),
    progress: json.optional(),
    cancelling: z.boolean().optional(),
    settledAt: instant.optional().openapi({ description: 'once it has ended' }),
    redacted: z.literal(true).optional().openapi({ description: 'the caller is not shown results or errors' }),
  })
  .openapi('Run');

export const runPage = z.strictObject({ runs: z.array(run), cursor: nextCursor }).openapi('RunPage');

export const runHandle = z
  .strictObject({
    runId: z.string(),
    jobId: z.string().nullable(),
    jobStore: z.string(),
    isDuplicate: z.boolean().openapi({ description: 'an earlier request had the same key: no run was entered' }),
  })
  .openapi('RunHandle');

/** A run as the API has it: as the command line's `--json` does. */
export function runJson(one: Run, caller: Pick<Caller, 'redact'>): object {
  const { redact } = caller;
  if (!redact.has('results') && !redact.has('errors')) return one;
  const executions = one.executions.map((execution) => {
    if (execution.outcome === 'executed' && redact.has('results')) return { ...execution, value: null };
    if (execution.outcome === 'error') return { ...execution, error: errorJson(execution.error, caller) };
    return execution;
  });
  const progress = 'progress' in one && redact.has('results') ? { progress: null } : {};
  return { ...one, executions, ...progress, redacted: true };
}
