import { lengthText } from '../../duration-text.js';
import { shiftedTo } from '../../trigger/clock-effect.js';
import { isComposite, kindOf } from '../../trigger/trigger.js';
import type { DatedRecord } from '../recorded.js';
import { lastOf } from '../recorded.js';
import type { Revision } from '../revision.js';
import type { Verdict } from '../verdict.js';
import { againEvidence, againText } from './again.js';
import { causesOf } from './causes.js';
import type { Cause, Evidence, Explanation, FireRef, Lateness } from './explanation.js';
import { deedEvidence, dueAtOf, evidenceOf, type Subject, zoneOfJob, zoneOfRevision } from './subject.js';
import { type Course, courseOf, type RunTrace, runEvidence } from './trace.js';
import { because, capitalized, deedText, timeText } from './words.js';

type OutcomeVerdict = Extract<Verdict, { kind: 'outcome' }>;

/** What is less late than this is not said to be late. */
const NOTABLE_MS = 1_000;

/** Describes the outcome of a fire time, or of a run that was asked for. */
export function explainOutcome(subject: Subject, verdict: OutcomeVerdict): Explanation {
  const { outcome } = verdict.record;
  if (outcome === 'missed') return missed(subject, verdict);
  if (outcome === 'coalesced') return coalesced(subject, verdict);
  if (outcome === 'max_instances') return maxInstances(subject, verdict);
  return ended(subject, verdict, outcome);
}

function ended(
  subject: Subject,
  { record, revision }: OutcomeVerdict,
  outcome: 'executed' | 'error' | 'cancelled',
): Explanation {
  const { instant, trace, timeline, again } = subject;
  const zone = revision ? zoneOfRevision(revision) : zoneOfJob(timeline);
  const asked = record.form === 'stretch' && record.asked;
  const course = trace && courseOf(trace, instant);
  const dueAt = revision ? dueAtOf(revision, instant) : instant;
  const bound = record.form === 'stretch' ? record.slowestMs : null;
  const lateness = latenessOf(course, dueAt, bound, revision);
  const begunAt = course?.firstStartedAt ?? (bound === null ? null : instant + bound);
  const causes =
    begunAt !== null && begunAt - dueAt >= NOTABLE_MS ? causesIn(subject, revision, { from: dueAt, to: begunAt }) : [];
  const shift = shiftOf(revision, timeline.id, instant);
  const evidence: Evidence = {
    ...evidenceOf(subject, revision),
    dueTime: new Date(dueAt),
    lateness,
    ...(trace && course && { run: runEvidence(trace, course, asked) }),
    ...(again.length > 0 && { again: again.map((one) => againEvidence(one, instant)) }),
    ...(causes.length > 0 && { causes }),
    ...(shift && { clockChange: { ...shift, changeAt: new Date(shift.changeAt), firesAt: new Date(instant) } }),
  };
  const parts = [
    firstOfEnded(outcome, course, timeText(instant, zone)),
    outcome === 'cancelled' && trace ? cancelText(trace, instant) : null,
    asked ? 'Somebody asked for this run: no trigger names its time.' : null,
    shift && `It was to run at ${shift.wallClock}, which the clock of ${shift.timezone} skipped.`,
    runText(subject, course),
    latenessText(lateness, course, bound),
    causeText(causes),
    againText(again, instant, zone),
  ];
  return { instant: new Date(instant), code: outcome, sentence: sentence(parts), evidence };
}

function firstOfEnded(outcome: 'executed' | 'error' | 'cancelled', course: Course | null, when: string): string {
  if (outcome === 'executed') return `It ran at ${when}.`;
  if (outcome === 'cancelled') return `The run of ${when} was cancelled.`;
  const error = course?.error;
  return `It ran at ${when} and failed${error ? ` (${error.name}: ${error.message})` : ''}.`;
}

/** The actor that cancelled it, where it is known. */
function cancelText({ events }: RunTrace, fireTime: number): string | null {
  for (const event of events) {
    if (event.type !== 'job_cancelled' || event.scheduledRunTime.getTime() !== fireTime) continue;
    return event.actor === undefined ? null : `${event.actor} cancelled it${because(event.reason ?? null)}.`;
  }
  return null;
}

function runText({ trace }: Subject, course: Course | null): string {
  if (!trace || !course) return 'Which run it was is not known any more.';
  const attempts = course.attempts !== null && course.attempts > 1 ? `, at attempt ${course.attempts}` : '';
  if (course.workerId !== null) return `Run ${trace.runId} was started by worker ${course.workerId}${attempts}.`;
  return `It was run ${trace.runId}${attempts}; which worker had it is not kept any more.`;
}

function latenessText(
  { planningMs, queueMs, runMs }: Lateness,
  course: Course | null,
  bound: number | null,
): string | null {
  if (planningMs !== null && queueMs !== null && course?.startedAt != null) {
    const ran = runMs === null ? '' : `, and ran for ${lengthText(runMs)}`;
    return `It began ${lengthText(planningMs + queueMs)} after it was due (planning ${lengthText(planningMs)}, queue ${lengthText(queueMs)})${ran}.`;
  }
  return bound === null ? null : `It was settled at most ${lengthText(bound)} after its fire time.`;
}

function latenessOf(course: Course | null, dueAt: number, bound: number | null, revision: Revision | null): Lateness {
  const { submittedAt = null, firstStartedAt = null, startedAt = null, settledAt = null } = course ?? {};
  return {
    planningMs: between(dueAt, submittedAt),
    queueMs: between(submittedAt, firstStartedAt),
    runMs: between(startedAt, settledAt),
    settledWithinMs: bound,
    graceMs: revision?.definition.misfireGraceMs ?? null,
  };
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
  const base: Evidence = { ...evidenceOf(subject, revision), dueTime: new Date(dueAt), lateness };
  const didNot = `It did not run at ${timeText(instant, zone)}`;
  if (!isLate && revision?.ended) {
    const deed = deedText(revision.ended, revision.to, zone);
    const text = `${didNot}: ${deed} before the fire time was claimed, and that took it away, so that it was missed.`;
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
  const parts = [`${didNot}: it was missed.`, over, causeText(causes)];
  const evidence: Evidence = {
    ...base,
    ...(trace && course && { run: runEvidence(trace, course, false) }),
    ...(causes.length > 0 && { causes }),
  };
  return { instant: new Date(instant), code: 'missed', sentence: sentence(parts), evidence };
}

/** When fire times were missed, ms: a range is written at once. */
function missedAt(record: DatedRecord): number | null {
  if (record.form === 'range') return record.closedAt;
  return record.slowestMs === null ? null : record.first + record.step * (record.count - 1) + record.slowestMs;
}

function coalesced(subject: Subject, { record, revision }: OutcomeVerdict): Explanation {
  const { instant, intoRunId } = subject;
  const zone = revision ? zoneOfRevision(revision) : zoneOfJob(subject.timeline);
  const into = record.form === 'range' && record.into !== null ? record.into : lastOf(record);
  const at = record.closedAt ?? into;
  const dueAt = revision ? dueAtOf(revision, instant) : instant;
  const causes = causesIn(subject, revision, { from: dueAt, to: at });
  const run = intoRunId === null ? '' : ` (run ${intoRunId})`;
  const parts = [
    `It did not run by itself at ${timeText(instant, zone)}: it was coalesced into the run of ${timeText(into, zone)}${run}, as several of its fire times were due at once at ${timeText(at, zone)}.`,
    causeText(causes),
  ];
  const evidence: Evidence = {
    ...evidenceOf(subject, revision),
    dueTime: new Date(dueAt),
    into: { fireTime: new Date(into), runId: intoRunId },
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
    ? `The run that somebody asked for at ${timeText(instant, zone)} did not run`
    : `It did not run at ${timeText(instant, zone)}`;
  const held = holders.map(
    ({ fireTime, runId }) => `the run of ${timeText(fireTime.getTime(), zone)}${runId === null ? '' : ` (${runId})`}`,
  );
  const parts = [
    `${what}: the job had as many live runs as it may have${most === null ? '' : ` (maxInstances ${most})`}.`,
    held.length > 0
      ? `${capitalized(held.join(' and '))} held ${held.length > 1 ? 'the places' : 'the place'}.`
      : 'Which runs held the places is not known any more.',
    asked || overlap === 'skip' ? null : `Its overlap '${overlap}' lets one run wait, and a newer one took its turn.`,
  ];
  return {
    instant: new Date(instant),
    code: 'max_instances',
    sentence: sentence(parts),
    evidence: { ...evidenceOf(subject, revision), holders },
  };
}

function causesIn(
  subject: Subject,
  revision: Revision | null,
  window: { readonly from: number; readonly to: number },
): Cause[] {
  const executor = revision?.definition.executor ?? 'default';
  return causesOf(subject.store, executor, window, zoneOfRevision(revision));
}

export function causeText(causes: readonly Cause[]): string | null {
  return causes.length === 0 ? null : `Meanwhile ${causes.map(({ text }) => text).join('; ')}.`;
}

export function sentence(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' ');
}

function shiftOf(revision: Revision | null, jobId: string, instant: number) {
  const { trigger, timezone, anchor } = revision?.definition ?? {};
  if (!trigger || isComposite(trigger)) return null;
  const { clock } = kindOf(trigger).compile(trigger, { jobId, timezone, now: new Date(anchor ?? 0) });
  return clock ? shiftedTo(clock, instant) : null;
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}
