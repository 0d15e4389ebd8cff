import type { Claim, Clock, DuePage, TermStore } from '@carillon/core/internal';
import type { Claimer, PackedClaims } from './claimer.js';

/** How long before they are due claims are made ready, at most, ms. */
export const READY_MS = 5;
/** A timer is late by a millisecond: the leader wakes this long before the instant, and waits for the rest of the time. */
const EARLY_MS = 2;
/** For fewer due jobs, a millisecond is not worth keeping a processor busy. */
const MANY = 10;
/** More jobs than this are claimed page by page. */
const MOST = 200;

interface ReadyParts {
  readonly terms: Pick<TermStore, 'isNear' | 'upcoming'>;
  readonly clock: Clock;
  readonly claimer: Pick<Claimer, 'pack'>;
  /** The claims of jobs that are due at an instant, as they were planned ahead; null if not all of them were. */
  readonly plannedAhead: (jobs: DuePage['jobs'], at: number) => readonly Claim[] | null;
}

/** All claims of an instant: nothing else is due then. */
export interface ReadyClaims extends PackedClaims {
  /** A time before the runs enter the outbox, by the store's clock, ms. */
  readonly since: number;
  /** When they are due, by the leader's clock, ms. */
  readonly at: number;
  /** The time from which on the plan would be another one, by the leader's clock, ms. */
  readonly before: number;
}

/**
 * Claims of jobs that are due in a few ms, planned and packed beforehand: at their instant, only the call that claims them is left to do. The
 * store decides whether their jobs are still as they were read, as with any claim.
 */
export class Ready {
  readonly #parts: ReadyParts;
  #claims: ReadyClaims | undefined;

  constructor(parts: ReadyParts) {
    this.#parts = parts;
  }

  /**
   * Prepares the claims of an instant, if the store is so near that reading it costs next to nothing. Returns how long to sleep, ms.
   * @param ms the time until that instant
   * @param lookedBefore see `Claimer.pack`
   */
  async prepare(ms: number, dueAt: number, lookedBefore: number): Promise<number> {
    const { terms, clock, claimer, plannedAhead } = this.#parts;
    this.#claims = undefined;
    if (!terms.isNear || ms > READY_MS) return ms;
    const readAt = clock.now();
    const withinMs = dueAt - Math.floor(readAt);
    const { jobs, now, last } = await terms.upcoming({ withinMs, after: null, limit: MOST });
    const due = jobs.filter((job) => job.pending?.dueAt === dueAt);
    const claims = last ? null : plannedAhead(due, dueAt);
    if (!claims || claims.length === 0) return ms;
    const at = readAt + dueAt - now;
    const before = at - dueAt + Math.min(...claims.map(usableBefore));
    this.#claims = { ...(await claimer.pack(claims, lookedBefore)), since: now, at, before };
    return clock.exactly && claims.length >= MANY ? Math.max(0, ms - EARLY_MS) : ms;
  }

  forget(): void {
    this.#claims = undefined;
  }

  /**
   * Returns the prepared claims once their instant is there; waits for it if it is near. undefined if nothing is prepared, the instant is not
   * near, or it is too late.
   */
  async take(): Promise<ReadyClaims | undefined> {
    const { clock } = this.#parts;
    const claims = this.#claims;
    this.#claims = undefined;
    if (!claims || claims.at - clock.now() > EARLY_MS) return undefined;
    if (clock.now() < claims.at) await clock.exactly?.(claims.at - clock.now());
    const now = clock.now();
    return now >= claims.at && now < claims.before ? claims : undefined;
  }
}

/** A plan is another one once the next fire is due, or this one is too late. */
function usableBefore({ next, run, expected }: Claim): number {
  const tooLate = run?.graceMs == null ? Number.POSITIVE_INFINITY : expected.dueAt + run.graceMs + 1;
  return Math.min(next?.fireTime ?? Number.POSITIVE_INFINITY, tooLate);
}
