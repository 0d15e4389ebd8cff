import type { DuePage } from '@carillon/core/internal';
import type { Sliced } from './sliced.js';

type Stored = DuePage['jobs'][number];

interface Begun<T> {
  readonly stored: Stored;
  readonly plan: Sliced<T>;
}

/** Plans of jobs that have begun, and take longer than a slice. */
export class BegunPlans<T> {
  readonly #begun = new Map<string, Begun<T>>();

  /** Forgets all of them. */
  forget(): void {
    this.#begun.clear();
  }

  /** Forgets the plans of jobs that are not on the page, or that changed. */
  keepOnly(jobs: readonly Stored[]): void {
    if (this.#begun.size === 0) return;
    const byId = new Map(jobs.map((stored) => [stored.id, stored]));
    for (const [id, { stored }] of this.#begun) {
      const present = byId.get(id);
      if (!present || !isAsStored(present, stored)) this.#begun.delete(id);
    }
  }

  /** The job whose plan has taken the least so far: one that takes seconds does not keep others waiting that take milliseconds. */
  leastPlanned(jobs: readonly Stored[]): Stored | undefined {
    const spent = ({ id }: Stored) => this.#begun.get(id)?.plan.spentMs ?? 0;
    const [first, ...others] = jobs;
    return others.reduce((least, other) => (least && spent(least) <= spent(other) ? least : other), first);
  }

  /** Goes on with the plan of a job for a slice of time, at least a step; `planned` is undefined if it takes longer. */
  goOn(stored: Stored, begin: () => Sliced<T>, forMs: number) {
    const plan = this.#begun.get(stored.id)?.plan ?? begin();
    // A plan that throws is over, too.
    this.#begun.delete(stored.id);
    const planned = plan.goOn(forMs);
    if (!planned) this.#begun.set(stored.id, { stored, plan });
    return { planned, spentMs: plan.spentMs };
  }
}

function isAsStored(one: Stored, other: Stored): boolean {
  if ('why' in one || 'why' in other) return false;
  const [pending, before] = [one.pending, other.pending];
  const isSameFire = pending?.fireTime === before?.fireTime && pending?.dueAt === before?.dueAt;
  return isSameFire && one.rev === other.rev && one.json === other.json;
}
