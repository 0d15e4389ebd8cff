import { type CompiledTrigger, InvalidTriggerError } from '@carillon/core';
import {
  type Claim,
  type Clock,
  type DuePage,
  decodeJob,
  encodePayload,
  errorInfo,
  type ReadableJob,
  soundTrigger,
  timingOf,
  type UnreadableJob,
} from '@carillon/core/internal';
import { PlannedAhead } from './ahead.js';
import { claimOf, type KnownJob } from './claim-of.js';
import { plan } from './plan.js';
import { Remembered } from './remembered.js';
import { SharedTexts } from './shared-texts.js';

/** Why a job cannot be planned, after anything that was thrown. */
function whyOf(error: unknown): string {
  const { message } = errorInfo(error);
  return error instanceof InvalidTriggerError ? message : `it cannot be planned: ${message}`;
}

/** The claims of a page of due jobs, and the jobs that are set aside. */
export interface PagePlan {
  readonly claims: readonly Claim[];
  /** Jobs that cannot be read, or cannot be planned. */
  readonly unreadable: readonly UnreadableJob[];
  /** When the first of these jobs is due again, ms. */
  readonly nextDueAt: number | null;
  /** Jobs of the page that were left for later, as the others are not to wait for them. */
  readonly left: DuePage | null;
}

export interface ClaimPlannerParts {
  readonly jobStore: string;
  readonly clock: Clock;
  /** How long the search of one job's backlog may take, ms. */
  readonly patienceMs: number;
  /** The trigger that is asked for a job's fire times; the job's own where it is left out. Tests bring triggers that fail. */
  readonly triggerOf?: ((job: ReadableJob) => CompiledTrigger) | undefined;
}

type Stored = DuePage['jobs'][number];

/** Some 0.8 to 1.4 KB each; to read one again takes as long as to claim several. */
const MAX_REMEMBERED = 100_000;
/** A job that takes longer to plan is planned after the others from then on, ms. */
const SLOW_MS = 20;
/** How long jobs are planned before those that were planned are claimed, ms. */
const SLICE_MS = 50;
/** How long jobs are planned ahead at once, ms. */
const AHEAD_MS = 5;

/**
 * Plans pages of due jobs. Each job is planned by itself: one that cannot be planned is named and keeps no other from firing, nor does
 * one that takes long. Remembers the jobs that go on firing, to spare reading them again at each fire.
 */
export class ClaimPlanner {
  readonly #parts: ClaimPlannerParts;
  readonly #remembered = new Remembered<KnownJob>(MAX_REMEMBERED);
  /** Those of the last page that end with this fire: a herd of such jobs is forgotten page by page. */
  readonly #ending = new Map<string, KnownJob>();
  /** Ids of jobs that took long to plan when they were planned last. */
  readonly #slow = new Set<string>();
  readonly #ahead = new PlannedAhead();
  readonly #payloads = new SharedTexts();

  constructor(parts: ClaimPlannerParts) {
    this.#parts = parts;
  }

  /** What is remembered of a job of the last page; undefined: nothing. */
  definitionOf(id: string): ReadableJob['definition'] | undefined {
    return (this.#ending.get(id) ?? this.#remembered.get(id))?.definition;
  }

  /** Plans the jobs of a page that are known to be quick, as far as a slice of time goes; one at least, slow or not. */
  plan(page: DuePage): PagePlan {
    const { clock } = this.#parts;
    const began = clock.now();
    this.#ending.clear();
    const claims: Claim[] = [];
    const unreadable: UnreadableJob[] = [];
    let nextDueAt: number | null = null;
    const quick = this.#slow.size === 0 ? page.jobs : page.jobs.filter(({ id }) => !this.#slow.has(id));
    const slow = this.#slow.size === 0 ? [] : page.jobs.filter(({ id }) => this.#slow.has(id));
    // A slow one has a turn of its own.
    const turn = quick.length > 0 ? quick : slow.slice(0, 1);
    let count = 0;
    while (count < turn.length && (count === 0 || clock.now() - began < SLICE_MS)) {
      const planned = this.#planOne(turn[count] as Stored, page.now);
      if (planned && 'why' in planned) unreadable.push(planned);
      else if (planned) claims.push(planned);
      const dueAt = planned && 'next' in planned ? planned.next?.dueAt : undefined;
      if (dueAt !== undefined) nextDueAt = Math.min(nextDueAt ?? dueAt, dueAt);
      count += 1;
    }
    const later = quick.length > 0 ? [...quick.slice(count), ...slow] : slow.slice(count);
    return { claims, unreadable, nextDueAt, left: later.length > 0 ? { ...page, jobs: later } : null };
  }

  /**
   * Plans fires that are due soon, for as long as a slice of time goes. Returns whether that was enough. What cannot be planned is found
   * once it is due.
   */
  planAhead({ jobs, now }: Pick<DuePage, 'jobs' | 'now'>): boolean {
    const { clock, jobStore } = this.#parts;
    const began = clock.now();
    this.#ahead.forget(now);
    for (const stored of jobs) {
      if (clock.now() - began >= AHEAD_MS) return false;
      const known = 'why' in stored || this.#slow.has(stored.id) ? null : this.#read(stored);
      if (!known || 'why' in known) continue;
      this.#remember(known);
      if (!stored.pending || this.#ahead.of(known, stored.pending)) continue;
      try {
        const planned = plan(this.#triggerOf(known), known.definition, stored.pending, stored.pending.dueAt);
        this.#ahead.keep(known, stored.pending, claimOf(jobStore, known, stored.pending, planned));
      } catch {}
    }
    return true;
  }

  /** The claims of jobs that are due at an instant, as `planAhead` planned them; null: there is a job that it did not plan. */
  plannedAhead(jobs: DuePage['jobs'], at: number): readonly Claim[] | null {
    const claims: Claim[] = [];
    this.#ending.clear();
    for (const stored of jobs) {
      const known = 'why' in stored ? null : this.#remembered.get(stored.id);
      const claim = known && stored.pending?.dueAt === at ? this.#ahead.of(known, stored.pending) : undefined;
      if (!known || !claim || !isAsKnown(stored, known)) return null;
      if (!claim.next) this.#ending.set(stored.id, known);
      claims.push(claim);
    }
    return claims;
  }

  #planOne(stored: Stored, now: number): Claim | UnreadableJob | null {
    const { clock, jobStore, patienceMs } = this.#parts;
    const began = clock.now();
    const known = 'why' in stored ? stored : this.#read(stored);
    if ('why' in known) return known.newer ? null : known;
    const { id, rev, pending } = stored;
    if (!pending) return null;
    try {
      const isOverBudget = () => clock.now() - began > patienceMs;
      const claim =
        this.#ahead.take(known, pending, now) ??
        claimOf(jobStore, known, pending, plan(this.#triggerOf(known), known.definition, pending, now, isOverBudget));
      if (claim.next) this.#remember(known);
      else this.#ending.set(id, known);
      return claim;
    } catch (error) {
      return { id, rev, why: whyOf(error), pending };
    } finally {
      if (clock.now() - began > SLOW_MS) this.#noteSlow(id);
      else if (this.#slow.size > 0) this.#slow.delete(id);
    }
  }

  #triggerOf(job: ReadableJob): CompiledTrigger {
    const { triggerOf } = this.#parts;
    return triggerOf ? soundTrigger(triggerOf(job)) : job.compiled;
  }

  #remember(known: KnownJob): void {
    const { id } = known;
    if (this.#remembered.get(id) !== known) this.#remembered.set(id, known);
  }

  #noteSlow(id: string): void {
    if (this.#slow.size >= MAX_REMEMBERED) this.#slow.clear();
    this.#slow.add(id);
  }

  #read(stored: Exclude<Stored, UnreadableJob>): KnownJob | UnreadableJob {
    const known = this.#remembered.get(stored.id);
    if (known && isAsKnown(stored, known)) return known;
    const job = decodeJob(stored);
    if ('why' in job) return job;
    const payload = encodePayload(job.definition, timingOf(job.definition));
    return Object.assign(job, { payload: this.#payloads.of(payload) });
  }
}

function isAsKnown(stored: Stored, known: KnownJob): boolean {
  return !('why' in stored) && known.rev === stored.rev && known.json === stored.json;
}
