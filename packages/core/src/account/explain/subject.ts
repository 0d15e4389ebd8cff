import type { LookedQueue } from '../../ports/store-look.js';
import { triggerText } from '../../trigger/index.js';
import type { Revision } from '../revision.js';
import type { StoreTimeline } from '../store-timeline.js';
import type { Timeline } from '../timeline.js';
import type { RunAgain } from './again.js';
import type { DeedEvidence, Evidence, RevisionEvidence } from './explanation.js';
import type { RunTrace } from './trace.js';

/** The present state of a job store. */
export interface StoreNow {
  readonly paused: boolean;
  readonly isLed: boolean;
  /** Whether a worker serves the executor of the job. */
  readonly isServed: boolean;
  /** Whether one of these workers has the task of the job. A worker that does not list its tasks counts. */
  readonly hasTask: boolean;
  /** null if it was not read. */
  readonly queue: QueueNow | null;
  /** Workers that have shown no sign of life for more than half of their lease, ms, by their ids. */
  readonly silent: ReadonlyMap<string, { readonly forMs: number; readonly leaseMs: number }>;
}

/** How much of a job's executor is in use now. */
export interface QueueNow {
  /** How many runs its workers take at once. */
  readonly slots: number;
  /** How many deliveries the workers have. */
  readonly taken: number;
  /** Its limits in the whole cluster, if one of the searched owed runs belongs to it; null if none is known. */
  readonly limits: LookedQueue | null;
}

/** All data from which an instant is explained. */
export interface Subject {
  readonly timeline: Timeline;
  readonly store: StoreTimeline;
  /** ms. */
  readonly instant: number;
  /** The trace of the fire time's run; null if it is not known, or if there is none. */
  readonly trace: RunTrace | null;
  /** Runs that callers asked for at the same fire time, oldest first. For a coalesced fire time: those in place of the run that it is part of. */
  readonly again: readonly RunAgain[];
  /** The run that a coalesced fire time is part of. */
  readonly intoRunId: string | null;
  /** The fire time of the newer run that took the place of a cancelled run, ms; null if the log has none. */
  readonly replacedBy: number | null;
  /** Runs that held places of the job. */
  readonly holders: readonly { readonly fireTime: number; readonly runId: string | null }[];
  /** null if it was not read. */
  readonly storeNow: StoreNow | null;
}

/** The zone in whose time instants are shown. */
export function zoneOfRevision(revision: Revision | null | undefined): string {
  const { trigger, timezone } = revision?.definition ?? {};
  const own = trigger && 'timezone' in trigger ? trigger.timezone : undefined;
  return own ?? timezone ?? 'UTC';
}

export function zoneOfJob({ revisions }: Timeline): string {
  return zoneOfRevision(revisions.at(-1));
}

export function evidenceOf({ timeline }: Subject, revision: Revision | null): Evidence {
  const { id, unreadable } = timeline;
  return {
    jobId: id,
    ...(revision && { revision: revisionEvidence(revision) }),
    ...(unreadable.length > 0 && { unreadable }),
  };
}

function revisionEvidence({ rev, definition, from, to, began }: Revision): RevisionEvidence {
  return {
    rev,
    trigger: triggerText(definition.trigger),
    timezone: definition.timezone ?? null,
    from: from === null ? null : new Date(from),
    to: to === null ? null : new Date(to),
    actor: began.actor,
    reason: began.reason,
  };
}

export function deedEvidence({ what, actor, reason }: Revision['began'], at: number | null): DeedEvidence {
  return { what, actor, reason, at: at === null ? null : new Date(at) };
}

/** When a fire was due, ms. A fire time that a caller set has no jitter. */
export function dueAtOf(revision: Revision, fireTime: number): number {
  const { first, compiled } = revision;
  const isNamed = compiled.nextMs(fireTime - 1) === fireTime;
  return isNamed || fireTime !== first ? fireTime + compiled.delayMs(fireTime) : fireTime;
}
