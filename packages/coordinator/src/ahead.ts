import { type Claim, PassingMap, type Pending } from '@carillon/core/internal';
import type { KnownJob } from './claim-of.js';

/** Some 1 KB each. */
const MOST = 1_000;

interface Ahead {
  readonly known: KnownJob;
  readonly pending: Pending;
  readonly claim: Claim;
}

/**
 * Claims that were planned before their jobs are due, so that those of many jobs of one instant are ready then. A claim is used only
 * where a plan of that instant would be the same: the job and its pending fire are those that were planned, the fire is in time, and no
 * other fire time has passed. Whether the job is still as it was read is for the store to decide, as with any claim.
 */
export class PlannedAhead {
  readonly #claims = new PassingMap<string, Ahead>();

  /** The claim of a job that is due, once. */
  take(known: KnownJob, pending: Pending, now: number): Claim | undefined {
    const ahead = this.#claims.get(known.id);
    if (!ahead) return undefined;
    this.#claims.delete(known.id);
    if (!isOf(ahead, known, pending) || now < pending.dueAt) return undefined;
    const { misfireGraceMs } = known.definition;
    const isInTime = misfireGraceMs === null || now - pending.dueAt <= misfireGraceMs;
    const { next } = ahead.claim;
    return isInTime && (!next || now < next.fireTime) ? ahead.claim : undefined;
  }

  /** The claim that was kept of a job and its pending fire. */
  of(known: KnownJob, pending: Pending): Claim | undefined {
    const ahead = this.#claims.get(known.id);
    return ahead && isOf(ahead, known, pending) ? ahead.claim : undefined;
  }

  /** @param claim planned as of the instant at which the fire is due. One that does more than run this fire is not kept */
  keep(known: KnownJob, pending: Pending, claim: Claim): void {
    const isPlain = claim.run?.fires.length === 1 && !claim.run.coalesced && claim.events.missed === null;
    if (isPlain && this.#claims.size < MOST) this.#claims.set(known.id, { known, pending, claim });
  }

  /** Forgets claims that were due before an instant, and not used: their jobs were changed, paused or removed. */
  forget(before: number): void {
    for (const [id, { pending }] of this.#claims) if (pending.dueAt < before) this.#claims.delete(id);
  }
}

function isOf(ahead: Ahead, known: KnownJob, { fireTime, dueAt }: Pending): boolean {
  return ahead.known === known && ahead.pending.fireTime === fireTime && ahead.pending.dueAt === dueAt;
}
