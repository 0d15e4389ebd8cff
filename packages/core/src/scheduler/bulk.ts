import type { AskedBy } from '../by.js';
import { CarillonError, InvalidTriggerError, JobNotFoundError, UnexpectedCountError } from '../errors.js';
import { removed } from '../job/changes.js';
import { matches } from '../job/filter.js';
import { type Before, beforeOf } from '../job/read.js';
import { isFault } from '../job/record.js';
import type { JobMatch } from '../ports/job-match.js';
import type { JobChange, JobFault, StoredJob } from '../ports/job-records.js';
import type { JobStore } from '../ports/job-store.js';
import { pausing, resuming } from './decisions.js';
import type { Editor, Found } from './editor.js';
import type { JobSearch } from './job-search.js';
import { stateOf } from './job-state.js';

/** What a bulk call did with the jobs that a filter matches. */
export interface BulkOutcome {
  /** How many jobs the filter matches: the number that was expected. */
  readonly matched: number;
  /** How many jobs were changed, removed or run. */
  readonly done: number;
  /** How many jobs were skipped: they were already in that state, or the filter no longer matched them. */
  readonly unchanged: number;
  /** How many jobs were refused. */
  readonly refused: number;
  /** The first 100 refused jobs, each with the reason. */
  readonly refusals: readonly BulkRefusal[];
}

export interface BulkRefusal {
  readonly jobId: string;
  readonly why: string;
}

/** How many jobs are changed by one script. */
const AT_ONCE = 500;
const RUNS_AT_ONCE = 20;
const MOST_REFUSALS = 100;

/** What it needs of a job store in addition. */
interface BulkStore {
  readonly store: JobStore;
  readonly cancelRuns: (id: string, by: AskedBy) => Promise<unknown>;
}

type OfOne = 'done' | 'unchanged' | { readonly refused: string };

/** Does the same with each of the jobs that a filter matches, a page at a time. */
export class Bulk {
  readonly #of: BulkStore;
  readonly #search: JobSearch;
  readonly #editor: Editor;

  constructor(of: BulkStore, search: JobSearch, editor: Editor) {
    this.#of = of;
    this.#search = search;
    this.#editor = editor;
  }

  pause(match: JobMatch, expected: number, by: AskedBy): Promise<BulkOutcome> {
    return this.#each(match, expected, (ids) => this.#edit(ids, match, by, (before) => pausing(before).change));
  }

  resume(match: JobMatch, expected: number, by: AskedBy): Promise<BulkOutcome> {
    return this.#each(match, expected, (ids) => this.#edit(ids, match, by, (before) => resuming(before).change));
  }

  remove(match: JobMatch, expected: number, cancelRuns: boolean, by: AskedBy): Promise<BulkOutcome> {
    return this.#each(match, expected, async (ids) => {
      const outcomes = await this.#edit(ids, match, by, removed);
      if (cancelRuns) {
        for (const [place, id] of ids.entries()) if (outcomes[place] === 'done') await this.#of.cancelRuns(id, by);
      }
      return outcomes;
    });
  }

  run(match: JobMatch, expected: number, runOne: (id: string) => Promise<unknown>): Promise<BulkOutcome> {
    return this.#each(match, expected, async (ids) => {
      const { jobs } = await this.#of.store.records.read(ids);
      const outcomes: OfOne[] = [];
      for (let from = 0; from < ids.length; from += RUNS_AT_ONCE) {
        const part = ids.slice(from, from + RUNS_AT_ONCE);
        const one = (id: string, place: number) => this.#run(id, jobs[from + place] ?? null, match, runOne);
        outcomes.push(...(await Promise.all(part.map(one))));
      }
      return outcomes;
    });
  }

  async #run(
    id: string,
    stored: StoredJob | JobFault | null,
    match: JobMatch,
    runOne: (id: string) => Promise<unknown>,
  ): Promise<OfOne> {
    const state = stored && stateOf(this.#of.store.alias, stored);
    if (!state || (!isFault(state) && !matches(match, state, state.definition))) return 'unchanged';
    try {
      await runOne(id);
      return 'done';
    } catch (error) {
      if (error instanceof JobNotFoundError) return 'unchanged';
      if (isRefusal(error)) return { refused: error.message };
      throw error;
    }
  }

  #edit(ids: readonly string[], match: JobMatch, by: AskedBy, decide: DecideChange): Promise<readonly OfOne[]> {
    return this.#editor.edit<OfOne>(ids, ({ now, stored }: Found) => {
      const before = stored && beforeOf(stored, { jobStore: this.#of.store.alias, now, by });
      if (!before) return { change: null, result: 'unchanged' };
      if (isFault(before)) return { change: null, result: { refused: before.why } };
      if (!matches(match, before.stored, before.definition)) return { change: null, result: 'unchanged' };
      try {
        const change = decide(before);
        return { change, result: change ? 'done' : 'unchanged' };
      } catch (error) {
        if (error instanceof InvalidTriggerError) return { change: null, result: { refused: error.message } };
        throw error;
      }
    });
  }

  /** @throws UnexpectedCountError before anything is changed, if the filter matches another number of jobs. */
  async #each(
    match: JobMatch,
    expected: number,
    change: (ids: readonly string[]) => Promise<readonly OfOne[]>,
  ): Promise<BulkOutcome> {
    const ids: string[] = [];
    let matched = 0;
    for await (const page of this.#search.all(match)) {
      matched += page.length;
      if (matched <= expected) ids.push(...page);
    }
    if (matched !== expected) throw new UnexpectedCountError(expected, matched);
    const refusals: BulkRefusal[] = [];
    const counts = { done: 0, unchanged: 0, refused: 0 };
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const part = ids.slice(from, from + AT_ONCE);
      for (const [place, outcome] of (await change(part)).entries()) {
        counts[typeof outcome === 'string' ? outcome : 'refused'] += 1;
        if (typeof outcome === 'string' || refusals.length === MOST_REFUSALS) continue;
        refusals.push({ jobId: part[place] ?? '', why: outcome.refused });
      }
    }
    return { matched, ...counts, refusals };
  }
}

type DecideChange = (before: Before) => JobChange | null;

/** Whether an error concerns one job alone, so that the others are still run. */
function isRefusal(error: unknown): error is CarillonError {
  return error instanceof CarillonError && ['MAX_INSTANCES', 'UNREADABLE_JOB'].includes(error.code);
}
