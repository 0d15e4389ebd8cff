import type { ServerFacts } from '../ports/server-facts.js';
import type { JobStoreInspection } from '../scheduler/inspection.js';

/** Everything that findings are made from. */
export interface Facts {
  /** null: there is none. */
  readonly server: ServerFacts | null;
  readonly stores: readonly StoreFacts[];
  /** Job stores whose format this release does not read, and what that says. */
  readonly notRead: readonly { readonly jobStore: string; readonly why: string }[];
}

export interface StoreFacts {
  readonly inspection: JobStoreInspection;
  /** Whether someone made it known: a coordinator that contends for it, or a scheduler that was started. */
  readonly known: boolean;
  /** How many jobs were looked at, and how many of them cannot be read. */
  readonly looked: number;
  readonly unreadable: number;
  /** What to hold the runs of a job against; of jobs that have one now. */
  readonly usual: ReadonlyMap<string, Usual>;
  /** What jobs and owed runs need, each pair once. */
  readonly needs: readonly Need[];
}

/** How long the last run of a job took from when it was due; where there was none, how often it fires. */
export interface Usual {
  readonly ms: number;
  readonly inWords: string;
}

/** A task in an executor, and who needs it. */
export interface Need {
  readonly task: string;
  readonly executor: string;
  /** Ids of jobs, or of runs without a job. */
  readonly by: readonly string[];
}

/** Collects needs, each pair once. */
export class Needs {
  readonly #needs = new Map<string, { task: string; executor: string; by: Set<string> }>();

  add(task: string, executor: string, by: string): void {
    const key = `${executor} ${task}`;
    const need = this.#needs.get(key) ?? { task, executor, by: new Set<string>() };
    this.#needs.set(key, need);
    need.by.add(by);
  }

  get all(): readonly Need[] {
    return [...this.#needs.values()].map(({ by, ...need }) => ({ ...need, by: [...by] }));
  }
}
