import type { Grid, Profile } from './profile.js';

/** How many jobs of one step are named. */
const MOST_NAMED = 10;

export interface NamedJob {
  readonly jobId: string;
  /** How often the job fires in the step; a fraction if jitter may delay a fire to another step. */
  readonly fires: number;
}

/** Jobs of one executor that fire in the same steps of the grid. */
interface Group {
  readonly profile: Profile;
  readonly ids: string[];
  jobs: number;
}

/** The most groups that wait to be counted. */
const MOST_GROUPS = 2_000;

/** Counts the fires of the jobs of one executor. Its memory does not grow with the jobs. */
export class Tally {
  readonly fires: Float64Array;
  readonly jobs: Uint32Array;
  isEstimated = false;
  readonly #named: NamedJob[][] = [];
  /** By step: the fewest fires of a named job, once the step has no room for another name. */
  readonly #fewest: Float64Array;
  readonly #groups = new Map<string, Group>();

  constructor({ count }: Grid) {
    this.fires = new Float64Array(count);
    this.jobs = new Uint32Array(count);
    this.#fewest = new Float64Array(count);
  }

  /** Adds another job of a key. @param profileOf called for the first job of this key */
  addShared(key: string, id: string, profileOf: () => Profile): void {
    const known = this.#groups.get(key);
    if (known) {
      known.jobs += 1;
      if (known.ids.length < MOST_NAMED) known.ids.push(id);
      return;
    }
    if (this.#groups.size === MOST_GROUPS) this.flush();
    this.#groups.set(key, { profile: profileOf(), ids: [id], jobs: 1 });
  }

  add(profile: Profile, ids: readonly string[], jobs: number): void {
    this.isEstimated ||= profile.isEstimated;
    const { steps, fires } = profile;
    for (let place = 0; place < steps.length; place++) {
      const step = steps[place] ?? 0;
      const ofEach = fires[place] ?? 0;
      this.fires[step] = (this.fires[step] ?? 0) + ofEach * jobs;
      this.jobs[step] = (this.jobs[step] ?? 0) + jobs;
      if (ofEach > (this.#fewest[step] ?? 0)) this.#name(step, ids, ofEach);
    }
  }

  /** Counts the groups that wait. */
  flush(): void {
    for (const { profile, ids, jobs } of this.#groups.values()) this.add(profile, ids, jobs);
    this.#groups.clear();
  }

  /** The jobs that fire most in a step. */
  namedOf(step: number): readonly NamedJob[] {
    return this.#named[step] ?? [];
  }

  #name(step: number, ids: readonly string[], fires: number): void {
    const named = [...(this.#named[step] ?? []), ...ids.map((jobId) => ({ jobId, fires }))];
    named.sort((one, other) => other.fires - one.fires);
    named.length = Math.min(named.length, MOST_NAMED);
    this.#named[step] = named;
    if (named.length === MOST_NAMED) this.#fewest[step] = named.at(-1)?.fires ?? 0;
  }
}
