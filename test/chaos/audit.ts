import type { AuditReport } from '@carillon/core';

/**
 * Returns the findings of the store's own audit, in words. The account of this chaos uses events and the records of tasks. The audit
 * reads the store, and computes fire times with the product's own triggers. Each finds what the other misses. A Redis that lost
 * acknowledged data may have outcomes twice, but none of them may be missing.
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
