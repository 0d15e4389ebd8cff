import { type Claim, type JobDefinition, PassingMap, type Pending } from '@carillon/core/internal';

/** About 1 KB each. */
const MOST = 1_000;

interface Ahead {
  /** The same object for as long as the job's record stays. */
  readonly definition: JobDefinition;
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
  take(id: string, definition: JobDefinition, pending: Pending, now: number): Claim | undefined {
    const ahead = this.#claims.get(id);
    if (!ahead) return undefined;
    this.#claims.delete(id);
    if (!isOf(ahead, definition, pending) || now < pending.dueAt) return undefined;
    const { misfireGraceMs } = definition;
    const isInTime = misfireGraceMs === null || now - pending.dueAt <= misfireGraceMs;
    const { next } = ahead.claim;
    return isInTime && (!next || now < next.fireTime) ? ahead.claim : undefined;
  }

  /** The claim that was kept of a job and its pending fire. */
  of(id: string, definition: JobDefinition, pending: Pending): Claim | undefined {
    const ahead = this.#claims.get(id);
    return ahead && isOf(ahead, definition, pending) ? ahead.claim : undefined;
  }

  /** @param claim planned as of the instant at which the fire is due. One that does more than run this fire is not kept */
  keep(definition: JobDefinition, pending: Pending, claim: Claim): void {
    const isPlain = claim.run?.fires.length === 1 && !claim.run.coalesced && claim.events.missed === null;
    if (isPlain && this.#claims.size < MOST) this.#claims.set(claim.id, { definition, pending, claim });
  }

  /** Forgets claims that were due before an instant, and not used: their jobs were changed, paused or removed. */
  forget(before: number): void {
    for (const [id, { pending }] of this.#claims) if (pending.dueAt < before) this.#claims.delete(id);
  }
}

function isOf(ahead: Ahead, definition: JobDefinition, { fireTime, dueAt }: Pending): boolean {
  return ahead.definition === definition && ahead.pending.fireTime === fireTime && ahead.pending.dueAt === dueAt;
}
