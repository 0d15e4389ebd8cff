import type { AuditReport, Explanation, FireCounts, RunExplanation } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import type { Caller } from '../../auth/identity.js';
import { REDACTED } from './error.js';
import { instant, ms, nextCursor } from './scalars.js';

const described = { description: 'what it rests on; docs/account.md has the members' };
const evidence = z.looseObject({}).openapi(described);
const evidenceOfFire = z
  .looseObject({
    run: z.looseObject({ runId: z.string() }).optional(),
    again: z.array(z.looseObject({ runId: z.string().nullable() })).optional(),
  })
  .openapi(described);

export const explanation = z
  .strictObject({ instant, code: z.string(), sentence: z.string(), evidence: evidenceOfFire })
  .openapi('Explanation');

export const explanationPage = z
  .strictObject({ explanations: z.array(explanation), cursor: nextCursor })
  .openapi('ExplanationPage');

export const runExplanation = z
  .strictObject({
    runId: z.string(),
    jobId: z.string().nullable(),
    task: z.string(),
    retryOf: z.string().nullable(),
    retriedAs: z.string().nullable(),
    code: z.string(),
    sentence: z.string(),
    scheduledRunTimes: z.array(instant),
    evidence,
    steps: z.array(z.strictObject({ at: instant, text: z.string() })),
  })
  .openapi('RunExplanation');

export const audit = z
  .strictObject({
    jobStore: z.string(),
    from: instant.nullable(),
    to: instant,
    speaksFrom: instant.nullable(),
    jobs: z.int(),
    fireTimes: z.int(),
    findings: z.array(z.looseObject({ jobId: z.string(), kind: z.string() })),
    found: z.int(),
    unreadable: z.array(z.strictObject({ jobId: z.string(), why: z.string() })),
  })
  .openapi('Audit');

const fireCount = z.strictObject({
  code: z.enum(['executed', 'error', 'cancelled', 'max_instances', 'missed', 'coalesced', 'waiting', 'will_fire']),
  count: z.int(),
  first: instant,
  last: instant,
  settledWithinMs: ms
    .nullable()
    .openapi({ description: 'how long after its fire time the slowest was settled, at most' }),
});

export const fireCounts = z
  .strictObject({
    jobId: z.string(),
    jobStore: z.string(),
    from: instant,
    to: instant.openapi({ description: 'the period ends before it' }),
    now: instant,
    bucketMs: ms,
    buckets: z
      .array(
        z.strictObject({
          at: instant,
          counts: z.array(fireCount),
          estimated: z
            .boolean()
            .openapi({ description: 'fire times of an `and` or an `or` were not counted one by one' }),
        }),
      )
      .openapi({ description: 'those that hold something, oldest first' }),
    clockChanges: z
      .array(z.strictObject({ at: instant, timezone: z.string(), offsetBeforeMs: ms, offsetAfterMs: ms }))
      .openapi({ description: "of the job's zone" }),
    speaksFrom: instant
      .nullable()
      .openapi({ description: 'outcomes before it may not be known; null: none is recorded' }),
    unreadable: z.array(z.string()),
  })
  .openapi('FireCounts');

/** Why an account cannot be read quotes it. */
export function fireCountsJson(counts: FireCounts, { redact }: Pick<Caller, 'redact'>): object {
  return redact.size === 0 ? counts : { ...counts, unreadable: counts.unreadable.map(() => REDACTED) };
}

/** Why an account cannot be read quotes it. */
export function auditJson(report: AuditReport, { redact }: Pick<Caller, 'redact'>): object {
  if (redact.size === 0) return report;
  return { ...report, unreadable: report.unreadable.map((one) => ({ ...one, why: REDACTED })) };
}

/** Sentences quote messages of errors: a caller who is not shown these is shown the codes alone. */
export function explanationJson(one: Explanation, { redact }: Pick<Caller, 'redact'>): object {
  const { run, again, causes } = one.evidence;
  if (!redact.has('errors') || (!run && !again && !causes)) return one;
  const redacted = {
    ...(run && { run: withoutMessage(run) }),
    ...(again && { again: again.map(withoutMessage) }),
    ...(causes && { causes: causes.map(redactedCause) }),
  };
  const hidden = { ...one.evidence, ...redacted };
  return { ...one, sentence: REDACTED, evidence: hidden };
}

export function runExplanationJson(one: RunExplanation, { redact }: Pick<Caller, 'redact'>): object {
  if (!redact.has('errors')) return one;
  return { ...one, sentence: REDACTED, evidence: withoutMessage(one.evidence), steps: one.steps.map(redactedCause) };
}

function withoutMessage<T extends Pick<RunExplanation['evidence'], 'error'>>(run: T): T {
  return { ...run, error: run.error && { name: run.error.name, message: REDACTED } };
}

function redactedCause<T extends { readonly text: string }>(one: T): T {
  return { ...one, text: REDACTED };
}
