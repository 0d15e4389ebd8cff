import type { Verdict } from '../verdict.js';
import { explainNotExisting, explainNotNamed, explainPaused, explainQuarantined, explainUnknown } from './absence.js';
import type { Explanation } from './explanation.js';
import { explainOutcome } from './outcome.js';
import { evidenceOf, type Subject, zoneOfRevision } from './subject.js';
import { explainLive, explainPending } from './waiting.js';
import { timeText } from './words.js';

/** Explains an instant of a job. It is a pure function: all that it needs was read before. */
export function explain(subject: Subject, verdict: Verdict): Explanation {
  switch (verdict.kind) {
    case 'outcome':
      return explainOutcome(subject, verdict);
    case 'pending':
      return explainPending(subject, verdict.revision);
    case 'open':
      return explainOpen(subject, verdict);
    case 'not_named':
      return explainNotNamed(subject, verdict);
    case 'paused':
      return explainPaused(subject, verdict);
    case 'quarantined':
      return explainQuarantined(subject, verdict);
    case 'not_existing':
      return explainNotExisting(subject, verdict);
    case 'unknown_before':
      return explainUnknown(subject, verdict);
  }
}

/**
 * Explains a fire time without an outcome. Its run is owed, even if its job is now in quarantine; or the job is in quarantine with it; or there is
 * a fault.
 */
function explainOpen(subject: Subject, { revision, asideSince }: Extract<Verdict, { kind: 'open' }>): Explanation {
  const { instant, trace } = subject;
  if (trace?.run && 'cancelling' in trace.run) return explainLive(subject, revision, trace.run);
  if (asideSince !== null) {
    return explainQuarantined(subject, { kind: 'quarantined', from: asideSince, to: null, revision });
  }
  const when = timeText(instant, zoneOfRevision(revision));
  return {
    instant: new Date(instant),
    code: 'unaccounted',
    sentence: `The job was to run at ${when}, and nothing is recorded: no outcome, and no owed run. This should not happen; \`carillon audit\` looks for further cases.`,
    evidence: evidenceOf(subject, revision),
  };
}
