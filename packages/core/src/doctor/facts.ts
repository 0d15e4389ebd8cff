import type { CheckedCall, KnownContracts } from '../contract/known-contracts.js';
import type { ServerFacts } from '../ports/server-facts.js';
import type { JobStoreInspection } from '../scheduler/inspection.js';

/** Everything that findings are made from. */
export interface Facts {
  /** null if there is none. */
  readonly server: ServerFacts | null;
  readonly stores: readonly StoreFacts[];
  /** Job stores whose format this release does not read, and what that says. */
  readonly notRead: readonly { readonly jobStore: string; readonly why: string }[];
}

export interface StoreFacts {
  readonly inspection: JobStoreInspection;
  /** Whether a member made it known: a coordinator that contends for it, or a scheduler that was started. */
  readonly known: boolean;
  /** How many jobs were looked at, how many cannot be read, and how many a newer release wrote. */
  readonly looked: number;
  readonly unreadable: number;
  readonly newer: number;
  /** When the first job is due that no newer release wrote; null if there is none among those that were looked at. */
  readonly firstDue: Date | null;
  /** What to hold the runs of a job against; of jobs that have one now. */
  readonly usual: ReadonlyMap<string, Usual>;
  /** What jobs and owed runs need, each pair once. */
  readonly needs: readonly Need[];
  /** Calls of jobs and owed runs that no living worker accepts. */
  readonly refused: readonly RefusedCalls[];
}

/** Jobs, or runs without a job, that call a task with arguments that no living worker accepts. */
export interface RefusedCalls extends Need {
  /** What is wrong with the first of them. */
  readonly why: string;
}

/** How long the last run of a job took from when it was due; where there was none, how often it fires. */
export interface Usual {
  readonly ms: number;
  readonly inWords: string;
}

/** A task in an executor, and the jobs and runs that need it. */
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

/** Collects calls that are refused, by task and executor. */
export class Refusals {
  readonly #known: KnownContracts;
  readonly #refused = new Map<string, { task: string; executor: string; by: Set<string>; why: string }>();

  constructor(known: KnownContracts) {
    this.#known = known;
  }

  look(call: CheckedCall, by: string): void {
    const [issue] = this.#known.issuesOf(call);
    if (!issue) return;
    const { task, executor } = call;
    const key = `${executor} ${task}`;
    const one = this.#refused.get(key) ?? {
      task,
      executor,
      by: new Set<string>(),
      why: `${issue.path}: ${issue.message}`,
    };
    this.#refused.set(key, one);
    one.by.add(by);
  }

  get all(): readonly RefusedCalls[] {
    return [...this.#refused.values()].map(({ by, ...one }) => ({ ...one, by: [...by] }));
  }
}
