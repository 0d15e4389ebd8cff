import type { LookedQueue } from '../../ports/store-look.js';
import { triggerText } from '../../trigger/index.js';
import type { Revision } from '../revision.js';
import type { StoreTimeline } from '../store-timeline.js';
import type { Timeline } from '../timeline.js';
import type { RunAgain } from './again.js';
import type { DeedEvidence, Evidence, RevisionEvidence } from './explanation.js';
import type { RunTrace } from './trace.js';

/** How a job store is now. */
export interface StoreNow {
  readonly paused: boolean;
  readonly isLed: boolean;
  /** Whether a worker serves the executor of the job. */
  readonly isServed: boolean;
  /** Whether one of these has the task of the job, as far as they say which tasks they have. */
  readonly hasTask: boolean;
  /** null if it was not looked at. */
  readonly queue: QueueNow | null;
  /** Workers that have shown no sign of life for more than half of their lease, ms, by their ids. */
  readonly silent: ReadonlyMap<string, { readonly forMs: number; readonly leaseMs: number }>;
}

/** How far the executor of a job is used up now. */
export interface QueueNow {
  /** Runs that its workers take at once. */
  readonly slots: number;
  /** Deliveries that they have. */
  readonly taken: number;
  /** Its limits over the whole cluster, as far as some of the owed runs show; null if none is known. */
  readonly limits: LookedQueue | null;
}

/** All that an explanation of an instant is made of. */
export interface Subject {
  readonly timeline: Timeline;
  readonly store: StoreTimeline;
  /** ms. */
  readonly instant: number;
  /** Of the run of the fire time; null if it is not known, or there is none. */
  readonly trace: RunTrace | null;
  /** Runs that a caller asked for at the same fire time, oldest first. Of a coalesced one: in place of the run that it is part of. */
  readonly again: readonly RunAgain[];
  /** The run that a coalesced fire time is part of. */
  readonly intoRunId: string | null;
  /** The fire time of the newer run that took the place of a cancelled one, ms; null if the log has none. */
  readonly replacedBy: number | null;
  /** Runs that held places of the job. */
  readonly holders: readonly { readonly fireTime: number; readonly runId: string | null }[];
  /** null if it was not looked at. */
  readonly storeNow: StoreNow | null;
}

/** The zone by whose clock instants are shown. */
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

/** When a fire was due, ms: one that was set has no jitter. */
export function dueAtOf(revision: Revision, fireTime: number): number {
  const { first, compiled } = revision;
  const isNamed = compiled.nextMs(fireTime - 1) === fireTime;
  return isNamed || fireTime !== first ? fireTime + compiled.delayMs(fireTime) : fireTime;
}
