import { progressionOf } from '../trigger/interval.js';
import { fireTimeAfter, isAside, type Revision } from './revision.js';
import type { Timeline } from './timeline.js';

interface Chain {
  /** The revision, cut to the fire times that are asked for. */
  readonly revision: Revision;
  readonly whole: Revision;
  readonly first: number;
  /** The next fire time, ms; null if there are no more. */
  at: number | null;
}

/** The fire times of all revisions of a job that should have an outcome, in order. */
export class OwedTimes {
  readonly #to: number;
  /** By their first fire time; the earliest is the last. */
  readonly #waiting: Chain[];
  #active: Chain[] = [];

  /** For the fire times after `from` and up to `to`, ms. */
  constructor(timeline: Timeline, from: number, to: number) {
    this.#to = to;
    const chains = timeline.revisions.flatMap((whole): Chain[] => {
      const revision = { ...whole, until: Math.min(to, untilOf(timeline, whole)) };
      const first = fireTimeAfter(revision, from);
      return first === null ? [] : [{ revision, whole, first, at: first }];
    });
    this.#waiting = chains.sort((one, other) => other.first - one.first);
  }

  /** Returns the next fire time, and the revisions that have it; null if there are no more. */
  next(): { readonly at: number; readonly revisions: readonly Revision[] } | null {
    const at = this.#earliest();
    if (at === null) return null;
    const revisions: Revision[] = [];
    for (const chain of this.#active) {
      if (chain.at !== at) continue;
      revisions.push(chain.whole);
      chain.at = fireTimeAfter(chain.revision, at);
    }
    this.#active = this.#active.filter((chain) => chain.at !== null);
    return { at, revisions };
  }

  /**
   * If the fire times after `at` are all of one revision and come at this distance, passes over them up to `last`, and returns how many it passed.
   * Otherwise returns 0.
   */
  pass(at: number, step: number, last: number): number {
    const [chain, other] = this.#active;
    if (!chain || other || chain.at !== at + step || stepOf(chain.revision) !== step) return 0;
    const soonest = this.#waiting.at(-1)?.first ?? Number.POSITIVE_INFINITY;
    const until = Math.min(last, chain.revision.until, this.#to, soonest - 1);
    const count = Math.floor((until - at) / step);
    if (count < 1) return 0;
    chain.at = fireTimeAfter(chain.revision, at + count * step);
    if (chain.at === null) this.#active = [];
    return count;
  }

  #earliest(): number | null {
    let earliest: number | null = null;
    for (const { at } of this.#active) if (at !== null && (earliest === null || at < earliest)) earliest = at;
    for (let next = this.#waiting.at(-1); next; next = this.#waiting.at(-1)) {
      if (earliest !== null && next.first > earliest) break;
      this.#waiting.pop();
      this.#active.push(next);
      earliest = next.first;
    }
    return earliest;
  }
}

/** The last instant at which a fire time of a revision should have an outcome by now. */
function untilOf({ pending }: Timeline, revision: Revision): number {
  if (revision.to === null) return pending ? Math.min(revision.until, pending.fireTime - 1) : revision.until;
  if (!isAside(revision)) return revision.until;
  // What the revision owed when it was moved to quarantine is kept there with it.
  return Math.min(revision.until, (revision.owed ?? Number.NEGATIVE_INFINITY) - 1);
}

/** The distance between the fire times of a revision, ms; null if it is not known. */
function stepOf({ definition, first }: Revision): number | null {
  if (definition.trigger.type !== 'interval' || definition.lastFireTime !== null) return null;
  const { step, anchor } = progressionOf(definition.trigger, { now: new Date(definition.anchor) });
  const { endAt } = definition.trigger;
  return endAt === undefined && first !== null && (first - anchor) % step === 0 ? step : null;
}
