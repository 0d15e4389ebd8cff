import { type CompiledTrigger, InvalidTriggerError } from '@carillon/core';
import {
  type Claim,
  type Clock,
  type DuePage,
  errorInfo,
  isFault,
  type JobDefinition,
  type JobFault,
  type Pending,
  type Steps,
  type StoredJob,
  soundTrigger,
  type UpcomingPage,
} from '@carillon/core/internal';
import { BegunPlans } from './begun-plans.js';
import { claimOf } from './claim-of.js';
import { type KnownJob, KnownJobs } from './known-jobs.js';
import { planInSteps } from './plan.js';
import { PlannedAhead } from './planned-ahead.js';
import { Sliced } from './sliced.js';

/** Why a job cannot be planned, after anything that was thrown. */
function whyOf(error: unknown): string {
  const { message } = errorInfo(error);
  return error instanceof InvalidTriggerError ? message : `it cannot be planned: ${message}`;
}

/** The claims of a page of due jobs, and the jobs that are set aside. */
export interface PagePlan {
  readonly claims: readonly Claim[];
  /** Jobs that cannot be read, or cannot be planned. */
  readonly unreadable: readonly JobFault[];
  /** When the first of these jobs is due again, ms. */
  readonly nextDueAt: number | null;
  /** Jobs of the page that were left for later, as the others are not to wait for them. */
  readonly left: DuePage | null;
  /** It was a slice of one job that takes long: there was no other to plan. */
  readonly wasSlice: boolean;
}

export interface ClaimPlannerParts {
  readonly jobStore: string;
  readonly clock: Clock;
  /** How long one job may be read and its backlog searched, ms. After that, the search finds fewer fires. */
  readonly patienceMs: number;
  /** The trigger that is asked for a job's fire times; default: the job's own. Tests bring triggers that fail. */
  readonly triggerOf?: ((job: StoredJob, compiled: CompiledTrigger) => CompiledTrigger) | undefined;
}

type Stored = DuePage['jobs'][number];
type Planned = Claim | JobFault | null;

/** The most jobs that are known to be slow. */
const MOST_SLOW = 100_000;
/** How long one job is planned at once, ms. One that takes longer is planned after the others from then on, slice by slice. */
const SLICE_MS = 5;
/** How long jobs are planned before those that were planned are claimed, ms. */
const TURN_MS = 50;
/** How long jobs are planned ahead at once, ms. */
const AHEAD_MS = 5;

/**
 * Plans pages of due jobs. Each job is planned by itself: one that cannot be planned is named and keeps no other from firing, nor does
 * one that takes long: between two slices of its plan, the leader looks for other jobs that are due.
 */
export class ClaimPlanner {
  readonly #parts: ClaimPlannerParts;
  readonly #known = new KnownJobs();
  /** Ids of jobs that took long to plan when they were planned last. */
  readonly #slow = new Set<string>();
  readonly #begun = new BegunPlans<Planned>();
  readonly #ahead = new PlannedAhead();

  constructor(parts: ClaimPlannerParts) {
    this.#parts = parts;
  }

  /** What is remembered of a job of the last page; undefined means nothing. */
  definitionOf(id: string): JobDefinition | undefined {
    return this.#known.definitionOf(id);
  }

  /** Plans the jobs of a page that are not known to be slow, as far as a turn goes. If there are none, plans a slice of a slow one. */
  plan(page: DuePage): PagePlan {
    const { clock } = this.#parts;
    const began = clock.now();
    this.#known.beginPage(page.now);
    const claims: Claim[] = [];
    const unreadable: JobFault[] = [];
    const left: Stored[] = [];
    let nextDueAt: number | null = null;
    const quick = this.#slow.size === 0 ? page.jobs : page.jobs.filter(({ id }) => !this.#slow.has(id));
    const slow = this.#slow.size === 0 ? [] : page.jobs.filter(({ id }) => this.#slow.has(id));
    this.#begun.keepOnly(slow);
    const least = this.#begun.leastPlanned(slow);
    const turn = quick.length > 0 || !least ? quick : [least];
    let count = 0;
    while (count < turn.length && left.length === 0 && (count === 0 || clock.now() - began < TURN_MS)) {
      const stored = turn[count] as Stored;
      const planned = this.#goOn(stored, page.now);
      if (!planned) left.push(stored);
      else if (planned.value && isFault(planned.value)) unreadable.push(planned.value);
      else if (planned.value) {
        claims.push(planned.value);
        const dueAt = planned.value.next?.dueAt;
        if (dueAt !== undefined) nextDueAt = Math.min(nextDueAt ?? dueAt, dueAt);
      }
      count += 1;
    }
    const others = quick.length > 0 ? [...quick.slice(count), ...slow] : slow.filter((one) => one !== least);
    left.unshift(...others);
    const wasSlice = quick.length === 0 && slow.length > 0;
    return { claims, unreadable, nextDueAt, left: left.length > 0 ? { ...page, jobs: left } : null, wasSlice };
  }

  /** Whether another job that is read ahead fits in. */
  get hasRoomAhead(): boolean {
    return this.#known.hasRoomAhead;
  }

  /** Reads jobs that are due soon, for as long as a slice of time goes, so that they are known then. Returns those that are left. */
  readAhead(jobs: readonly Stored[], forMs: number): readonly Stored[] {
    const { clock } = this.#parts;
    const began = clock.now();
    for (const [count, stored] of jobs.entries()) {
      if (!this.hasRoomAhead) return [];
      const leftMs = forMs - (clock.now() - began);
      if (leftMs <= 0) return jobs.slice(count);
      if (isFault(stored) || !stored.pending || this.#slow.has(stored.id) || this.#known.get(stored)) continue;
      const read = new Sliced(clock, this.#known.read(stored)).goOn(leftMs);
      // If those before it took most of the time, it is read first in the next slice. If it takes longer by itself, it is read once it is due.
      if (!read && count > 0) return jobs.slice(count);
      if (read && !isFault(read.value)) this.#known.keepAhead(stored.id, read.value, stored.pending.dueAt);
    }
    return [];
  }

  /** A term ends: plans that have begun, and jobs that are due soon, are of an instant that is long ago once this coordinator leads again. */
  endTerm(): void {
    this.#begun.forget();
    this.#known.endTerm();
  }

  /**
   * Plans fires that are due soon, for as long as a slice of time goes. Returns whether that was enough. What cannot be planned is found
   * once it is due.
   */
  planAhead({ jobs, now }: Pick<UpcomingPage, 'jobs' | 'now'>): boolean {
    const { clock } = this.#parts;
    const began = clock.now();
    this.#ahead.forget(now);
    for (const stored of jobs) {
      const leftMs = AHEAD_MS - (clock.now() - began);
      if (leftMs <= 0) return false;
      if (isFault(stored) || this.#slow.has(stored.id)) continue;
      const plan = new Sliced(clock, this.#aheadInSteps(stored));
      if (plan.goOn(leftMs)) continue;
      // Where those before it took most of the time, it is planned first in the next look.
      if (plan.spentMs >= AHEAD_MS) this.#noteSlow(stored.id);
      return false;
    }
    return true;
  }

  *#aheadInSteps(stored: StoredJob): Steps<void> {
    const known = this.#known.get(stored) ?? (yield* this.#known.read(stored));
    if (isFault(known)) return;
    const { id, pending } = stored;
    this.#known.keep(id, known, true);
    if (!pending || this.#ahead.of(id, known.definition, pending)) return;
    try {
      const claim = yield* this.#claimInSteps(stored, known, pending, pending.dueAt);
      this.#ahead.keep(known.definition, pending, claim);
    } catch {}
  }

  /** The claims of jobs that are due at an instant, as `planAhead` planned them; null if there is a job that it did not plan. */
  plannedAhead(jobs: DuePage['jobs'], at: number): readonly Claim[] | null {
    const claims: Claim[] = [];
    this.#known.beginPage(at);
    for (const stored of jobs) {
      const { id, pending } = stored;
      const known = this.#known.get(stored);
      const claim = known && pending?.dueAt === at ? this.#ahead.of(id, known.definition, pending) : undefined;
      if (!known || !claim) return null;
      if (!claim.next) this.#known.keep(id, known, false);
      claims.push(claim);
    }
    return claims;
  }

  /** Plans a job for a slice of time. undefined if it takes longer. */
  #goOn(stored: Stored, now: number): { readonly value: Planned } | undefined {
    const { clock, patienceMs } = this.#parts;
    const begin = () => {
      const plan: Sliced<Planned> = new Sliced(
        clock,
        this.#planInSteps(stored, now, () => plan.spentMs > patienceMs),
      );
      return plan;
    };
    const { planned, spentMs } = this.#begun.goOn(stored, begin, SLICE_MS);
    if (spentMs >= SLICE_MS) this.#noteSlow(stored.id);
    else if (this.#slow.size > 0) this.#slow.delete(stored.id);
    return planned;
  }

  *#planInSteps(stored: Stored, now: number, isOverBudget: () => boolean): Steps<Planned> {
    if (isFault(stored)) return stored.newer ? null : stored;
    const known = this.#known.get(stored) ?? (yield* this.#known.read(stored));
    if (isFault(known)) return known;
    const { id, rev, pending } = stored;
    if (!pending) return null;
    try {
      const claim =
        this.#ahead.take(id, known.definition, pending, now) ??
        (yield* this.#claimInSteps(stored, known, pending, now, isOverBudget));
      this.#known.keep(id, known, claim.next !== null);
      return claim;
    } catch (error) {
      return { id, rev, why: whyOf(error), pending };
    }
  }

  *#claimInSteps(
    stored: StoredJob,
    { definition, compiled, payload }: KnownJob,
    pending: Pending,
    now: number,
    isOverBudget?: () => boolean,
  ): Steps<Claim> {
    const { jobStore, triggerOf } = this.#parts;
    const trigger = triggerOf ? soundTrigger(triggerOf(stored, compiled)) : compiled;
    const planned = yield* planInSteps(trigger, definition, pending, now, isOverBudget);
    return claimOf({ jobStore, stored, pending, definition, payload }, planned);
  }

  #noteSlow(id: string): void {
    if (this.#slow.size >= MOST_SLOW) this.#slow.clear();
    this.#slow.add(id);
  }
}
