import { parseDuration } from '../duration.js';
import type { StoredJob } from '../ports/job-records.js';
import { compileTrigger, forJob, type Trigger, usesAnchor, usesId } from '../trigger/index.js';
import { progressionOf } from '../trigger/interval.js';
import { soundTrigger } from '../trigger/sound.js';
import { leavesOf } from '../trigger/trigger.js';
import { type Grid, type Profile, profileOf, profileOfBeat, profileOfOne, spread } from './profile.js';

/** The members of a job's record that a forecast needs. The rest is not read. */
interface Planned {
  readonly trigger: Trigger;
  readonly timezone?: string;
  readonly anchor?: number;
  readonly executor?: string;
  readonly lastFireTime?: number;
}

/** The fires of one job: its own, and those that it shares with all jobs of the same key. */
export interface JobFires {
  readonly executor: string;
  readonly own: readonly Profile[];
  /** null if the job shares no fires. */
  readonly key: string | null;
  readonly shared: () => Profile;
}

/** A trigger with its fires. */
interface OfTrigger {
  readonly key: string;
  /** The first fire time that counts, ms. */
  readonly first: number | null;
  readonly fires: (after: number, until?: number) => Profile;
}

/** The most triggers that are kept. */
const MOST_TRIGGERS = 2_000;

/**
 * Computes when jobs fire in the steps of a grid. Equal triggers are computed once.
 * @param now the time of the store's clock, ms; overdue fires fire now
 */
export class FirePlan {
  readonly #grid: Grid;
  readonly #now: number;
  readonly #triggers = new Map<string, OfTrigger>();

  constructor(grid: Grid, now: number) {
    this.#grid = grid;
    this.#now = now;
  }

  /** Returns the fires of a job; null if it does not fire. @throws the error with which its record or its trigger is refused */
  firesOf({ id, json, pending }: StoredJob): JobFires | null {
    if (!pending) return null;
    const planned = JSON.parse(json) as Planned;
    const { trigger, executor = 'default', timezone, anchor = 0, lastFireTime } = planned;
    const overdue = pending.fireTime < this.#grid.from ? this.#overdue() : [];
    if (trigger.type === 'interval' && trigger.endAt === undefined && lastFireTime === undefined) {
      return { executor, ...this.#ofInterval(trigger, anchor, pending.fireTime, overdue) };
    }
    const { key, first, fires } = this.#ofTrigger(id, trigger, timezone, anchor);
    const isAsNamed = pending.fireTime === first || pending.fireTime < this.#grid.from;
    if (lastFireTime === undefined && isAsNamed) {
      return { executor, own: overdue, key, shared: () => fires(this.#begin) };
    }
    const begin = spread(profileOfOne(pending.fireTime, this.#grid), jitterOf(trigger), this.#grid);
    const rest = fires(pending.fireTime, lastFireTime);
    return { executor, own: [...overdue, begin, rest], key: null, shared: () => rest };
  }

  /** The instant after which fires count, ms. */
  get #begin(): number {
    return Math.max(this.#grid.from - 1, this.#now);
  }

  #ofTrigger(id: string, given: Trigger, timezone: string | undefined, anchor: number): OfTrigger {
    const trigger = forJob(given, id);
    const text = JSON.stringify(trigger);
    const key = `${text} ${timezone} ${usesAnchor(trigger) ? anchor : ''} ${usesId(trigger) ? id : ''}`;
    const known = this.#triggers.get(key);
    if (known) return known;
    const { nextMs } = soundTrigger(compileTrigger(trigger, { jobId: id, timezone, now: new Date(anchor) }));
    const jitterMs = jitterOf(trigger);
    const fires = (after: number, until?: number) =>
      spread(profileOf(nextMs, this.#grid, after, until), jitterMs, this.#grid);
    const of = { key, first: nextMs(this.#begin), fires };
    if (this.#triggers.size === MOST_TRIGGERS) this.#triggers.clear();
    this.#triggers.set(key, of);
    return of;
  }

  #overdue(): readonly Profile[] {
    return this.#grid.from <= this.#now ? [profileOfOne(this.#grid.from, this.#grid)] : [];
  }

  #ofInterval(
    trigger: Extract<Trigger, { readonly type: 'interval' }>,
    addedAt: number,
    fireTime: number,
    overdue: readonly Profile[],
  ): Omit<JobFires, 'executor'> {
    const { anchor, step } = progressionOf(trigger, { now: new Date(addedAt) });
    const jitterMs = jitterOf(trigger);
    const isOnBeat = (fireTime - anchor) % step === 0;
    const beat = isOnBeat ? fireTime : fireTime - ((((fireTime - anchor) % step) + step) % step) + step;
    const own = isOnBeat ? overdue : [...overdue, spread(profileOfOne(fireTime, this.#grid), jitterMs, this.#grid)];
    const { stepMs } = this.#grid;
    const from = fireTime < this.#grid.from ? this.#begin + 1 : this.#grid.from;
    // Jobs that fire in the same steps of the grid share a key.
    const begin = beat >= from ? beat : beat + Math.ceil((from - beat) / step) * step;
    const shared = () => spread(profileOfBeat(begin, step, this.#grid), jitterMs, this.#grid);
    const phase = step % stepMs === 0 ? Math.floor((begin - this.#grid.from) / stepMs) : `at ${begin}`;
    return { own, key: `every ${step} ${jitterMs} ${phase}`, shared };
  }
}

/** The largest jitter of its parts, ms. */
function jitterOf(trigger: Trigger): number {
  const all = leavesOf(trigger).map((leaf) => ('jitter' in leaf ? (parseDuration(leaf.jitter) ?? 0) : 0));
  return Math.max(0, ...all);
}
