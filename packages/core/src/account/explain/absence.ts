import { triggerText } from '../../trigger/index.js';
import { inOtherWords, type Mismatch } from '../../trigger/mismatch.js';
import { whyNot } from '../../trigger/why-not.js';
import type { Deed, Revision } from '../revision.js';
import type { Verdict } from '../verdict.js';
import type { Evidence, ExplainCode, Explanation } from './explanation.js';
import { deedEvidence, evidenceOf, type Subject, zoneOfJob, zoneOfRevision } from './subject.js';
import { deedText, timeText } from './words.js';

type Of<Kind extends Verdict['kind']> = Extract<Verdict, { kind: Kind }>;

/** Returns the first words of a sentence: `It did not run at …` or `It will not run at …`. */
function didNot({ instant, timeline }: Subject, zone: string): string {
  return `It ${instant > timeline.now ? 'will' : 'did'} not run at ${timeText(instant, zone)}`;
}

export function explainPaused(subject: Subject, { revision }: Of<'paused'>): Explanation {
  const { instant } = subject;
  const zone = zoneOfRevision(revision);
  // The job may have had other changes since it was paused.
  const paused = pausedSince(subject, revision);
  const { what } = paused.began;
  const deed =
    what === null
      ? 'the job was paused, since an unknown time'
      : what === 'paused'
        ? deedText(paused.began, paused.from, zone)
        : `${deedText(paused.began, paused.from, zone)}, paused`;
  const until = subject.instant > subject.timeline.now ? '; it runs again once it is resumed' : '';
  const evidence = { ...evidenceOf(subject, revision), deed: deedEvidence(paused.began, paused.from) };
  return {
    instant: new Date(instant),
    code: 'paused',
    sentence: `${didNot(subject, zone)}: ${deed}${until}.`,
    evidence,
  };
}

function pausedSince({ timeline }: Subject, revision: Revision): Revision {
  let since = revision;
  for (const one of timeline.revisions.slice(0, timeline.revisions.indexOf(revision)).toReversed()) {
    if (!one.paused || one.to !== since.from) break;
    since = one;
  }
  return since;
}

export function explainNotExisting(subject: Subject, { before, after }: Of<'not_existing'>): Explanation {
  const { instant } = subject;
  const zone = zoneOfRevision(after ?? before ?? subject.timeline.revisions.at(-1));
  const gone = before?.ended && endText(before, before.ended, zone);
  const added = after && deedText({ ...after.began, what: 'added' }, after.from, zone);
  const both =
    gone && added ? `${gone}, and ${added} again` : (gone ?? (added && `${added}, and it was not there before`));
  const why = both ?? 'there is no such job, and there was none as far back as the account goes';
  const deed = before?.ended
    ? deedEvidence(before.ended, before.to)
    : after
      ? deedEvidence(after.began, after.from)
      : null;
  const evidence = { ...evidenceOf(subject, null), ...(deed && { deed }) };
  return { instant: new Date(instant), code: 'not_existing', sentence: `${didNot(subject, zone)}: ${why}.`, evidence };
}

/** Describes the end of a job: it ends after the last fire time of its trigger, or of its `maxRuns`. */
function endText({ to, definition }: Revision, ended: Deed, zone: string): string {
  const { maxRuns, lastFireTime } = definition;
  if (ended.what !== 'finished' || maxRuns === null || lastFireTime === null) return deedText(ended, to, zone);
  const when = to === null ? '' : ` at ${timeText(to, zone)}`;
  return `the job finished${when}: its maxRuns of ${maxRuns} ended with the fire time of ${timeText(lastFireTime, zone)}`;
}

export function explainUnknown(subject: Subject, { from }: Of<'unknown_before'>): Explanation {
  const { instant } = subject;
  const zone = zoneOfJob(subject.timeline);
  const isNever = from === Number.POSITIVE_INFINITY;
  const since = isNever
    ? 'nothing is recorded, as not all coordinators and workers write the account yet'
    : `the account speaks from ${timeText(from, zone)} on`;
  const evidence: Evidence = { ...evidenceOf(subject, null), ...(!isNever && { speaksFrom: new Date(from) }) };
  const text = `What was at ${timeText(instant, zone)} is not known: ${since}.`;
  return { instant: new Date(instant), code: 'unknown_before', sentence: text, evidence };
}

export function explainQuarantined(subject: Subject, { from, to, revision }: Of<'quarantined'>): Explanation {
  const { instant } = subject;
  const zone = zoneOfRevision(revision ?? subject.timeline.revisions.at(-1));
  const until =
    to === null ? 'it is still there: see `carillon quarantine list`' : `it was put back at ${timeText(to, zone)}`;
  const text = `${didNot(subject, zone)}: the job was moved to quarantine at ${timeText(from, zone)}, as it could not be read, planned or claimed; ${until}.`;
  const deed = { what: 'quarantined', actor: null, reason: null, at: new Date(from) };
  return {
    instant: new Date(instant),
    code: 'quarantined',
    sentence: text,
    evidence: { ...evidenceOf(subject, revision), deed },
  };
}

const BY_CLOCK = {
  shifted: 'clock_change_shifted',
  skipped: 'clock_change_skipped',
  folded: 'clock_change_folded',
} as const satisfies Record<string, ExplainCode>;

export function explainNotNamed(subject: Subject, verdict: Of<'not_named'>): Explanation {
  const { instant, timeline } = subject;
  const { revision, near, other } = verdict;
  const zone = zoneOfRevision(revision);
  const why = whyNotOf(timeline.id, revision, instant, zone);
  const { clockChange } = why;
  const code: ExplainCode = other ? 'other_revision' : clockChange ? BY_CLOCK[clockChange.kind] : 'not_named';
  const evidence: Evidence = {
    ...evidenceOf(subject, revision),
    near: { previous: dateOf(near.previous), next: dateOf(near.next) },
    mismatch: { field: why.field, is: why.is, says: why.says },
    ...(clockChange && {
      clockChange: { ...clockChange, changeAt: new Date(clockChange.changeAt), firesAt: dateOf(clockChange.firesAt) },
    }),
    ...(other && { deed: otherDeed(revision, other) }),
  };
  const wasNotTo = `It ${instant > timeline.now ? 'is' : 'was'} not to run at ${timeText(instant, zone)}`;
  const text = other
    ? `${wasNotTo}: the job had another trigger then, ${triggerText(revision.definition.trigger)} (${why.text}). ${otherText(revision, other, zone)}`
    : `${wasNotTo}: ${why.text}${clockChange?.firesAt == null ? '' : `, at ${timeText(clockChange.firesAt, zone)}`}.`;
  return { instant: new Date(instant), code, sentence: `${text} ${nearText(near, zone)}`, evidence };
}

/** Says why a revision does not have a fire time. If the trigger names it anyway, the next run time had been set, or `maxRuns` was reached. */
function whyNotOf(jobId: string, { definition, first, until }: Revision, instant: number, zone: string): Mismatch {
  const { trigger, timezone, anchor, lastFireTime } = definition;
  const why = whyNot(trigger, { jobId, timezone, now: new Date(anchor) }, instant);
  if (why) return why;
  if (lastFireTime !== null && instant > lastFireTime) {
    const last = timeText(lastFireTime, zone);
    return inOtherWords('maxRuns', 'later', last, `its maxRuns end with the fire time of ${last}`);
  }
  const next = first === null ? 'none' : timeText(first, zone);
  const text =
    first !== null && instant < first
      ? `its next run time was set to ${next}`
      : 'a change of the job took this fire time away';
  return inOtherWords('nextRunTime', timeText(instant, zone), instant > until ? 'earlier' : next, text);
}

function otherDeed(revision: Revision, other: Revision) {
  const isLater = (other.from ?? 0) > (revision.from ?? 0);
  return isLater ? deedEvidence(other.began, other.from) : deedEvidence(other.ended ?? other.began, other.to);
}

function otherText(revision: Revision, other: Revision, zone: string): string {
  const trigger = triggerText(other.definition.trigger);
  const isLater = (other.from ?? 0) > (revision.from ?? 0);
  if (isLater) return `The trigger that names it, ${trigger}, came later: ${deedText(other.began, other.from, zone)}.`;
  return `The trigger that names it, ${trigger}, was there before: ${other.ended ? deedText(other.ended, other.to, zone) : 'it was changed'}.`;
}

function nearText({ previous, next }: Of<'not_named'>['near'], zone: string): string {
  if (previous === null && next === null) return 'It has no fire times nearby.';
  if (previous === null) return `Its first fire time after that is ${timeText(next ?? 0, zone)}.`;
  if (next === null) return `Its last fire time before that is ${timeText(previous, zone)}.`;
  return `The nearest fire times are ${timeText(previous, zone)} and ${timeText(next, zone)}.`;
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
