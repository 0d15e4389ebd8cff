import type { AskedBy } from '../by.js';
import { ConflictingIdError, NotQuarantinedError, NotRestorableError } from '../errors.js';
import { draft } from '../event/draft.js';
import { tagsOf } from '../job/changes.js';
import type { Chance } from '../ports/chance.js';
import type { Quarantined } from '../ports/job-records.js';
import type { JobStore } from '../ports/job-store.js';
import { type JobState, stateOf } from './job-state.js';

/** A record that could not be read, and was moved to quarantine unchanged. */
export interface QuarantinedRecord {
  /** The id of the job or run, or the name of another key. Later records of the same id end with `@` and a time. */
  readonly id: string;
  readonly jobStore: string;
  /** `job`: a job, which does not fire while it is here. `other`: a run, a counter, or a value of the wrong type under a key. */
  readonly kind: 'job' | 'other';
  readonly why: string;
  readonly at: Date | null;
  /** The record unchanged, if it is text; null if there was no record, or it was moved to the key `movedTo`. */
  readonly raw: string | null;
  /** The key of the job store to which it was moved. */
  readonly movedTo: string | null;
  /** Whether `restoreQuarantined` can restore it: it is a job, and it can be read now. */
  readonly restorable: boolean;
}

/** The records in quarantine of one job store. */
export class QuarantineClient {
  readonly #store: JobStore;
  readonly #chance: Chance;

  constructor(store: JobStore, chance: Chance) {
    this.#store = store;
    this.#chance = chance;
  }

  /** Lists records sorted by name, at most `limit`, or the record of one name. */
  async list(id: string | null, limit: number): Promise<QuarantinedRecord[]> {
    const found = await this.#store.records.quarantined({ name: id, limit });
    return found.map((kept) => this.#record(kept));
  }

  /** @throws NotQuarantinedError, NotRestorableError, ConflictingIdError */
  async restore(name: string, by: AskedBy): Promise<JobState> {
    const { alias: jobStore, records } = this.#store;
    const [kept] = await records.quarantined({ name, limit: 1 });
    if (!kept) throw new NotQuarantinedError(name, jobStore);
    const job = stateIn(kept, jobStore);
    if ('why' in job) throw new NotRestorableError(name, jobStore, job.why);
    const { id, definition, pending } = job;
    const about = {
      jobId: id,
      task: definition.task,
      ...tagsOf(definition),
      nextRunTime: pending?.fireTime ?? null,
      ...by,
    };
    const event = draft(jobStore, 'job_added', about);
    const outcome = await records.restoreJob({ op: this.#chance.id(), name, id, event });
    if (outcome === 'gone') throw new NotQuarantinedError(name, jobStore);
    if (outcome === 'exists') throw new ConflictingIdError(id, jobStore);
    if (outcome === 'unfit') throw new NotRestorableError(name, jobStore, 'it was changed meanwhile');
    return { ...job, revision: null };
  }

  /** @throws NotQuarantinedError */
  async remove(name: string, by: AskedBy): Promise<void> {
    const { alias, records } = this.#store;
    const event = draft(alias, 'quarantine_removed', { id: name, ...by });
    const isDone = await records.forgetQuarantined({ op: this.#chance.id(), name, event });
    if (!isDone) throw new NotQuarantinedError(name, alias);
  }

  #record(kept: Quarantined): QuarantinedRecord {
    const { name, why, at, raw, movedTo, job } = kept;
    return {
      id: name,
      jobStore: this.#store.alias,
      kind: job ? 'job' : 'other',
      why,
      at: at === null ? null : new Date(at),
      raw,
      movedTo,
      restorable: !('why' in stateIn(kept, this.#store.alias)),
    };
  }
}

/** Reads a record again, or says why it cannot be restored. */
function stateIn({ job }: Quarantined, jobStore: string): JobState | { readonly why: string } {
  if (!job)
    return { why: 'it is not the record of a job; a run is not repeated, as it is not known whether it happened' };
  return stateOf(jobStore, job);
}
