import type { AuditReport } from '@carillon/core';
import type { RuleOf } from '../check.js';
import { isAmong } from '../pattern.js';
import { type Subject, subjectOf, type Verdict } from '../verdict.js';
import { instantText } from './words.js';

/** How much of the time before the last audit is audited again, ms: runs that were owed at that time have ended since. */
const AGAIN_MS = 86_400_000;

/** Returns the verdicts of a rule on an audit. @param open subjects with an open alert */
export function judgeAudit(
  rule: RuleOf<'audit_gap'>,
  { findings, to }: Pick<AuditReport, 'findings' | 'to'>,
  open: readonly Subject[],
): readonly Verdict[] {
  const at = to.getTime();
  const found = new Map<string, Verdict>();
  for (const { jobId, kind, first, last, count } of findings) {
    if (!isAmong(rule.job, jobId) || found.has(jobId)) continue;
    const subject = subjectOf({ jobId, task: null, executor: null });
    const [begin, end] = [instantText(first.getTime()), instantText(last.getTime())];
    const when = count === 1 ? `the fire time ${begin} is` : `${count} fire times from ${begin} to ${end} are`;
    const why = `An audit found that of job ${jobId} ${when} ${WORDS[kind]}.`;
    found.set(jobId, {
      rule: rule.name,
      subject,
      isBad: true,
      at,
      runId: null,
      why,
      ask: first.getTime(),
      explain: 'added',
    });
  }
  const over = open
    .filter(({ jobId }) => jobId === null || !found.has(jobId))
    .map(
      (subject) =>
        ({ rule: rule.name, subject, isBad: false, at, because: 'an audit of the same period finds none' }) as const,
    );
  return [...found.values(), ...over];
}

const WORDS = {
  unaccounted: 'unaccounted for',
  double: 'accounted for twice',
  not_named: 'named by no trigger',
} as const;

/** Returns where the next audit begins, ms: it covers the findings again. */
export function nextAuditFrom({ findings, to }: Pick<AuditReport, 'findings' | 'to'>): number {
  return Math.min(to.getTime() - AGAIN_MS, ...findings.map(({ first }) => first.getTime()));
}
