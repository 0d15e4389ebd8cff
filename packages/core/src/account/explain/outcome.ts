import { lengthText } from '../../duration-text.js';
import type { DatedRecord } from '../recorded.js';
import { lastOf } from '../recorded.js';
import type { OutcomeVerdict } from '../verdict.js';
import { againEvidence, againText } from './again.js';
import { causesIn, causeText } from './causes.js';
import { ended } from './ended.js';
import type { Evidence, Explanation, FireRef, Lateness } from './explanation.js';
import { NOTABLE_MS } from './lateness.js';
import { shiftOf } from './shift.js';
import { deedEvidence, dueAtOf, evidenceOf, type Subject, zoneOfJob, zoneOfRevision } from './subject.js';
import { courseOf, runEvidence } from './trace.js';
import { capitalized, deedText, heldText, sentence, timeText } from './words.js';

/** Describes the outcome of a fire time, or of a run that a caller asked for. */
export function explainOutcome(subject: Subject, verdict: OutcomeVerdict): Explanation {
  const { outcome } = verdict.record;
  if (outcome === 'missed') return missed(subject, verdict);
  if (outcome === 'coalesced') return coalesced(subject, verdict);
  if (outcome === 'max_instances') return maxInstances(subject, verdict);
  return ended(subject, verdict, outcome);
}

function missed(subject: Subject, { record, revision }: OutcomeVerdict): Explanation {
  const { instant, trace } = subject;
  const zone = revision ? zoneOfRevision(revision) : zoneOfJob(subject.timeline);
  const graceMs = revision?.definition.misfireGraceMs ?? null;
  const last = lastOf(record);
  const dueAt = revision ? dueAtOf(revision, instant) : instant;
  const lastDueAt = revision ? dueAtOf(revision, last) : last;
  const at = missedAt(record);
  const isLate = graceMs !== null && at !== null && at - lastDueAt > graceMs;
  const late = at === null ? null : at - dueAt;
  const lateness: Lateness = { planningMs: null, queueMs: null, runMs: null, settledWithinMs: late, graceMs };
  const shift = shiftOf(revision, subject.timeline.id, instant);
  const base: Evidence = {
    ...evidenceOf(subject, revision),
    ...{ dueTime: new Date(dueAt), lateness },
    ...shift?.evidence,
  };
  const didNot = `It did not run at ${timeText(instant, zone)}`;
  if (!isLate && revision?.ended) {
    const deed = deedText(revision.ended, revision.to, zone);
    const why = `${didNot}: ${deed} before the fire time was claimed, and that took it away, so that it was missed.`;
    const text = sentence([why, shift?.text ?? null]);
    const evidence = { ...base, deed: deedEvidence(revision.ended, revision.to) };
    return { instant: new Date(instant), code: 'missed', sentence: text, evidence };
  }
  const causes = at === null ? [] : causesIn(subject, revision, { from: dueAt, to: at });
  const course = trace && courseOf(trace, instant);
  const submittedAt = course?.submittedAt ?? null;
  if (submittedAt !== null && at !== null && at - submittedAt >= NOTABLE_MS) {
    const text = `its run waited in the queue of executor "${revision?.definition.executor}" for ${lengthText(at - submittedAt)}`;
    causes.unshift({ kind: 'queue', from: new Date(submittedAt), to: new Date(at), text });
  }
  const over =
    late === null || graceMs === null
      ? 'It was too late.'
      : `It came up ${lengthText(late)} after it was due, which is ${lengthText(late - graceMs)} more than its misfireGraceTime of ${lengthText(graceMs)}.`;
  const parts = [`${didNot}: it was missed.`, shift?.text ?? null, over, causeText(causes)];
  const evidence: Evidence = {
    ...base,
    ...(trace && course && { run: runEvidence(trace, course, false) }),
    ...(causes.length > 0 && { causes }),
  };
  return { instant: new Date(instant), code: 'missed', sentence: sentence(parts), evidence };
}

/** When fire times were missed, ms. A range is written at that time. */
function missedAt(record: DatedRecord): number | null {
  if (record.form === 'range') return record.closedAt;
  return record.slowestMs === null ? null : record.first + record.step * (record.count - 1) + record.slowestMs;
}

function coalesced(subject: Subject, { record, revision }: OutcomeVerdict): Explanation {
  const { instant, intoRunId, again } = subject;
  const zone = revision ? zoneOfRevision(revision) : zoneOfJob(subject.timeline);
  const into = record.form === 'range' && record.into !== null ? record.into : lastOf(record);
  const at = record.closedAt ?? into;
  const dueAt = revision ? dueAtOf(revision, instant) : instant;
  const causes = causesIn(subject, revision, { from: dueAt, to: at });
  const run = intoRunId === null ? '' : ` (run ${intoRunId})`;
  const shift = shiftOf(revision, subject.timeline.id, instant);
  const parts = [
    `It did not run by itself at ${timeText(instant, zone)}: it was coalesced into the run of ${timeText(into, zone)}${run}, as several of its fire times were due at once at ${timeText(at, zone)}.`,
    shift?.text ?? null,
    causeText(causes),
    again.length > 0 ? 'That run failed.' : null,
    againText(again, into, zone),
  ];
  const evidence: Evidence = {
    ...evidenceOf(subject, revision),
    dueTime: new Date(dueAt),
    into: { fireTime: new Date(into), runId: intoRunId },
    ...(again.length > 0 && { again: again.map((one) => againEvidence(one, into)) }),
    ...shift?.evidence,
    ...(causes.length > 0 && { causes }),
  };
  return { instant: new Date(instant), code: 'coalesced', sentence: sentence(parts), evidence };
}

function maxInstances(subject: Subject, { record, revision }: OutcomeVerdict): Explanation {
  const { instant } = subject;
  const zone = revision ? zoneOfRevision(revision) : zoneOfJob(subject.timeline);
  const holders: FireRef[] = subject.holders.map(({ fireTime, runId }) => ({ fireTime: new Date(fireTime), runId }));
  const { maxInstances: most = null, overlap = 'skip' } = revision?.definition ?? {};
  const asked = record.form === 'stretch' && record.asked;
  const what = asked
    ? `The run that a caller asked for at ${timeText(instant, zone)} did not run`
    : `It did not run at ${timeText(instant, zone)}`;
  const shift = shiftOf(revision, subject.timeline.id, instant);
  const parts = [
    `${what}: the job had as many live runs as it may have${most === null ? '' : ` (maxInstances ${most})`}.`,
    holders.length > 0
      ? `${capitalized(heldText(subject.holders, zone))}.`
      : 'Which runs held the places is not known any more.',
    shift?.text ?? null,
    asked || overlap === 'skip' ? null : `Its overlap '${overlap}' lets one run wait, and a newer one took its turn.`,
  ];
  return {
    instant: new Date(instant),
    code: 'max_instances',
    sentence: sentence(parts),
    evidence: { ...evidenceOf(subject, revision), holders, ...shift?.evidence },
  };
}
