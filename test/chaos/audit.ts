import type { AuditReport } from '@carillon/core';

/**
 * What the store's own audit found. The account of this chaos is made of events and of what tasks wrote down; the audit reads what the
 * store keeps, and works fire times out by the product's own triggers: each would find what the other misses. A Redis that forgot
 * what it had acknowledged may have outcomes twice, but none of them may be missing.
 */
export function auditFaults({ findings, unreadable }: AuditReport, redisForgot: boolean): readonly string[] {
  const found = findings.filter(({ kind }) => !(redisForgot && kind === 'double'));
  return [
    ...found.map(({ jobId, kind, first, last, count, outcomes }) => {
      const when = count === 1 ? first.toISOString() : `${first.toISOString()} to ${last.toISOString()}`;
      const of = outcomes.map((outcome) => JSON.stringify(outcome)).join(', ');
      return `audit: ${count} ${kind} of job ${jobId}, ${when}${of === '' ? '' : `: ${of}`}`;
    }),
    ...unreadable.map(({ jobId, why }) => `audit: the account of job ${jobId} cannot be read: ${why}`),
  ];
}
