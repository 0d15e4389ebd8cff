import type { AskedBy } from '../by.js';
import { JobNotFoundError } from '../errors.js';
import { draft } from '../event/draft.js';
import { forgotten, removed } from '../job/changes.js';
import { beforeOf, type Read } from '../job/read.js';
import { isFault } from '../job/record.js';
import { unreadableRemoved } from '../job/unreadable.js';
import type { Chance } from '../ports/chance.js';
import type { JobChange, JobFault, JobPage, StoredJob } from '../ports/job-records.js';
import type { JobStore } from '../ports/job-store.js';
import type { Changing } from './changing.js';
import type { Editor } from './editor.js';
import { requireRevision } from './revision-check.js';
import type { RunClient } from './run-client.js';
import { JOBS_PER_PUT } from './spec-pages.js';

interface RemovalParts {
  readonly store: JobStore;
  readonly editor: Editor;
  readonly runs: RunClient;
  readonly chance: Chance;
}

/** Removes jobs of one job store: one, with its runs or without them, or all. */
export class JobRemoval {
  readonly #store: JobStore;
  readonly #editor: Editor;
  readonly #runs: RunClient;
  readonly #chance: Chance;

  constructor({ store, editor, runs, chance }: RemovalParts) {
    this.#store = store;
    this.#editor = editor;
    this.#runs = runs;
    this.#chance = chance;
  }

  /** Removes a job, or what a finished one left. @throws JobNotFoundError, StaleRevisionError */
  async remove(id: string, { by, ifRevision }: Changing): Promise<void> {
    await this.#editor.edit([id], ({ now, stored, tombstone }) => {
      if (!stored && !tombstone) throw new JobNotFoundError(id, this.#store.alias);
      if (stored) requireRevision(stored, this.#store.alias, ifRevision);
      const read = { jobStore: this.#store.alias, now, by };
      const change = stored ? removedAsIs(read, stored) : forgotten(id, tombstone ?? '');
      return { change, result: undefined };
    });
  }

  /** Removes a job and cancels its runs; also those of a job that is gone already. @throws JobNotFoundError if there are neither */
  async removeWithRuns(id: string, changing: Changing): Promise<void> {
    const { by } = changing;
    try {
      await this.remove(id, changing);
    } catch (error) {
      if (!(error instanceof JobNotFoundError) || (await this.#runs.cancelAll(id, by)) === 0) throw error;
      return;
    }
    await this.#runs.cancelAll(id, by);
  }

  /** Removes page by page; jobs that are added meanwhile may stay. Returns how many were removed. */
  async removeAll(by: AskedBy): Promise<number> {
    const jobStore = this.#store.alias;
    let count = 0;
    for (let ids = await this.#firstIds(); ids.length > 0; ids = await this.#firstIds()) {
      const wereThere = await this.#editor.edit(ids, ({ now, stored }) => {
        const change = stored && removedAsIs({ jobStore, now, by }, stored);
        return { change, result: change !== null };
      });
      count += wereThere.filter(Boolean).length;
    }
    const event = draft(jobStore, 'all_jobs_removed', { count, ...by });
    await this.#store.records.announce({ op: this.#chance.id(), event });
    return count;
  }

  /** Of the first jobs there are, readable or not. What was listed and removed is gone: the next page is the first one again. */
  async #firstIds(): Promise<readonly string[]> {
    let cursor: string | null = null;
    do {
      const page: JobPage = await this.#store.records.list({ limit: JOBS_PER_PUT, cursor });
      const ids = page.jobs.flatMap(({ id }) => (isText(id) ? id : []));
      if (ids.length > 0) return ids;
      cursor = page.cursor;
    } while (cursor !== null);
    return [];
  }
}

/** Readable or not. */
function removedAsIs(read: Read, stored: StoredJob | JobFault): JobChange {
  const before = beforeOf(stored, read);
  return isFault(before) ? unreadableRemoved(read, before) : removed(before);
}

/** Whether an id can be named: a job whose id is not a text goes to quarantine. */
const isText = (id: string) => !id.startsWith('\ufffd');
