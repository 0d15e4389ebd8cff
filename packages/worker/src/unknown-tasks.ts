import { type Clock, type JobRecords, placesOf, type Report, type StoreLook } from '@carillon/core/internal';

export interface UnknownTasksParts {
  readonly jobStore: string;
  readonly records: Pick<JobRecords, 'inspect'>;
  /** For so long no living worker that serves the executor has the task, before its runs end as errors. */
  readonly patienceMs: number;
  readonly clock: Clock;
  readonly report: Report;
}

/** A task that no living worker has, as far as this one knows. */
interface Missing {
  readonly since: number;
  seenAt: number;
}

const MIN_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;
/** Whoever was not asked about a task for longer knows nothing of the time between. */
const FORGET_MS = 3 * MAX_DELAY_MS;
/** The workers of a job store are looked at so often, at most. */
const LOOK_MS = 500;

/**
 * Decides what becomes of a run whose task this worker lacks, as in a deployment that is under way: it goes back to its queue, for the
 * workers that have the task, and is an error only where for some time no living worker has it.
 */
export class UnknownTasks {
  readonly #parts: UnknownTasksParts;
  readonly #missing = new Map<string, Missing>();
  #look: { readonly at: number; readonly look: Promise<StoreLook> } | undefined;

  constructor(parts: UnknownTasksParts) {
    this.#parts = parts;
  }

  /**
   * For how long to put the run off, ms; null: its error stands.
   * @param dueAt when the run was due, ms: the longer it waits, the less often it is delivered.
   */
  async delayFor(executor: string, task: string, dueAt: number): Promise<number | null> {
    const look = await this.#workers();
    const { clock, patienceMs, report, jobStore } = this.#parts;
    const now = clock.now();
    const { having } = placesOf(look, executor, task);
    this.#forget(now);
    const key = `${executor} ${task}`;
    if (having.length > 0) this.#missing.delete(key);
    else {
      const known = this.#missing.get(key);
      const missing = known ?? { since: now, seenAt: now };
      if (now - missing.since >= patienceMs) return null;
      missing.seenAt = now;
      this.#missing.set(key, missing);
      if (!known) report({ kind: 'task_unknown', jobStore, executor, task });
    }
    return Math.ceil(Math.min(Math.max((look.now - dueAt) / 4, MIN_DELAY_MS), MAX_DELAY_MS));
  }

  #workers(): Promise<StoreLook> {
    const { clock, records } = this.#parts;
    const now = clock.now();
    if (this.#look && now - this.#look.at < LOOK_MS) return this.#look.look;
    const look = records.inspect({ runs: 0, quarantined: 0 });
    this.#look = { at: now, look };
    look.catch(() => {
      this.#look = undefined;
    });
    return look;
  }

  #forget(now: number): void {
    for (const [key, { seenAt }] of this.#missing) if (now - seenAt > FORGET_MS) this.#missing.delete(key);
  }
}
