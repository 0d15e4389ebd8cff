import { lengthText } from '../../duration-text.js';
import type { FireOutcome } from '../recorded.js';
import type { Deed, Revision } from '../revision.js';
import type { OutcomeVerdict } from '../verdict.js';
import { againEvidence, againText } from './again.js';
import { attemptCauses } from './attempts.js';
import { causesIn, causeText } from './causes.js';
import type { Cause, Evidence, Explanation, Lateness } from './explanation.js';
import { latenessOf, NOTABLE_MS } from './lateness.js';
import { shiftOf } from './shift.js';
import { dueAtOf, evidenceOf, type Subject, zoneOfJob, zoneOfRevision } from './subject.js';
import { type Course, cancelOf, courseOf, runEvidence } from './trace.js';
import { because, capitalized, deedText, heldText, sentence, timeText } from './words.js';

type Ended = Extract<FireOutcome, 'executed' | 'error' | 'cancelled'>;

/** Describes a fire time whose run was executed, or was cancelled. */
export function ended(subject: Subject, { record, revision }: OutcomeVerdict, outcome: Ended): Explanation {
  const { instant, trace, timeline, again } = subject;
  const zone = revision ? zoneOfRevision(revision) : zoneOfJob(timeline);
  const asked = record.form === 'stretch' && record.asked;
  const course = trace && courseOf(trace, instant);
  const dueAt = revision ? dueAtOf(revision, instant) : instant;
  const bound = record.form === 'stretch' ? record.slowestMs : null;
  const lateness = latenessOf(course, dueAt, bound, revision);
  const shift = shiftOf(revision, timeline.id, instant);
  const begunAt = course?.firstStartedAt ?? (bound === null ? null : instant + bound);
  const late =
    begunAt !== null && begunAt - dueAt >= NOTABLE_MS ? causesIn(subject, revision, { from: dueAt, to: begunAt }) : [];
  const causes = [...heldCauses(subject, revision, lateness, dueAt), ...late, ...attemptCauses(subject, course, zone)];
  const evidence: Evidence = {
    ...evidenceOf(subject, revision),
    dueTime: new Date(dueAt),
    lateness,
    ...(trace && course && { run: runEvidence(trace, course, asked) }),
    ...(again.length > 0 && { again: again.map((one) => againEvidence(one, instant)) }),
    ...(causes.length > 0 && { causes }),
    ...shift?.evidence,
  };
  const parts = [
    firstOfEnded(outcome, course, timeText(instant, zone)),
    outcome === 'cancelled' ? cancelText(subject, revision) : null,
    asked ? 'A caller asked for this run: no trigger names its time.' : null,
    shift?.text ?? null,
    changeText(revision, course, dueAt),
    runText(subject, course),
    latenessText(lateness, course, bound),
    causeText(causes),
    againText(again, instant, zone),
  ];
  return { instant: new Date(instant), code: outcome, sentence: sentence(parts), evidence };
}

function firstOfEnded(outcome: Ended, course: Course | null, when: string): string {
  if (outcome === 'executed') return `It ran at ${when}.`;
  if (outcome === 'cancelled') return `The run of ${when} was cancelled.`;
  const error = course?.error;
  return `It ran at ${when} and failed${error ? ` (${error.name}: ${error.message})` : ''}.`;
}

/** Says which actor cancelled the run, if that is known, or for which newer run it was cancelled. */
function cancelText({ trace, replacedBy, instant }: Subject, revision: Revision | null): string | null {
  const event = trace && cancelOf(trace, instant);
  if (!event) return null;
  const { actor, reason = null } = event;
  if (actor !== undefined || reason !== null) return `${actor ?? 'An unnamed caller'} cancelled it${because(reason)}.`;
  if (!revision || replacedBy === null) return null;
  const when = timeText(replacedBy, zoneOfRevision(revision));
  return `Its overlap 'replace' cancels the oldest live run when there is no place for a newer one, such as that of ${when}.`;
}

/** The changes of a job that may change its task or its arguments. */
const CHANGES: readonly Deed['what'][] = ['modified', 'replaced', 'rescheduled'];

/** Describes a change of the job between claim and start: a run keeps the task and the arguments that the job had when it was claimed. */
function changeText(revision: Revision | null, course: Course | null, dueAt: number): string | null {
  const { to = null, ended = null } = revision ?? {};
  const begun = course?.firstStartedAt ?? null;
  if (!revision || !ended || to === null || begun === null || to < (course?.submittedAt ?? dueAt) || to > begun)
    return null;
  const deed = capitalized(deedText(ended, to, zoneOfRevision(revision)));
  const kept = CHANGES.includes(ended.what) ? ': the run kept the task and the arguments of before' : '';
  return `${deed}, after the run was claimed and before it began${kept}.`;
}

/**
 * Returns the cause if the run waited for a place of the job: such a run is submitted only when it gets a place. While a place is free, no run
 * waits for one.
 */
function heldCauses(
  { holders, timeline }: Subject,
  revision: Revision | null,
  lateness: Lateness,
  dueAt: number,
): Cause[] {
  const { overlap = 'skip', maxInstances = 1 } = revision?.definition ?? {};
  const { planningMs } = lateness;
  if (overlap === 'skip' || holders.length < maxInstances || (planningMs ?? 0) < NOTABLE_MS) return [];
  const held = heldText(holders, revision ? zoneOfRevision(revision) : zoneOfJob(timeline));
  const text = `the run waited ${lengthText(planningMs ?? 0)} for a place of the job, by its overlap '${overlap}': ${held}`;
  return [{ kind: 'instances', from: new Date(dueAt), to: new Date(dueAt + (planningMs ?? 0)), text }];
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
