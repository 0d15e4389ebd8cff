import {
  compileJob,
  decodeJob,
  decodeLastRun,
  isFault,
  type JobReading,
  type JobRecords,
  lastSuccessOf,
} from '@carillon/core/internal';

/** The facts of a job that rules need. Instants are ms. */
export interface JobFacts {
  readonly task: string;
  readonly executor: string;
  /** Returns when a fire time of its trigger is due, jitter included. */
  readonly dueOf: (fireTime: number) => number;
  /** When it last succeeded; null if it has not yet, as far as is known. */
  readonly succeededAt: number | null;
  /** The last fire time, if it did not succeed. */
  readonly lastFailed: number | null;
}

const MOST = 10_000;
const AT_ONCE = 200;

/** Jobs as they were read last; a changed job is read again. */
export class JobCache {
  readonly #records: Pick<JobRecords, 'read'>;
  readonly #jobs = new Map<string, JobFacts | null>();

  constructor(records: Pick<JobRecords, 'read'>) {
    this.#records = records;
  }

  /** null if there is none, or it cannot be read. */
  get(id: string): JobFacts | null {
    return this.#jobs.get(id) ?? null;
  }

  forget(id: string): void {
    this.#jobs.delete(id);
  }

  forgetAll(): void {
    this.#jobs.clear();
  }

  /** Reads the jobs that are not in the cache. */
  async load(ids: Iterable<string>): Promise<void> {
    const asked = [...new Set(ids)];
    if (this.#jobs.size + asked.length > MOST) this.#jobs.clear();
    const missing = asked.filter((id) => !this.#jobs.has(id));
    for (let from = 0; from < missing.length; from += AT_ONCE) {
      const part = missing.slice(from, from + AT_ONCE);
      const { jobs } = await this.#records.read(part);
      for (const [index, id] of part.entries()) this.#jobs.set(id, factsOf(jobs[index] ?? null));
    }
  }
}

/** null if there is no job, or it cannot be read. */
export function factsOf(stored: JobReading['jobs'][number]): JobFacts | null {
  if (!stored || isFault(stored)) return null;
  const definition = decodeJob(stored);
  if (isFault(definition)) return null;
  const { task, executor } = definition;
  const compiled = compileJob(stored.id, definition);
  const success = lastSuccessOf(stored.last);
  const run = decodeLastRun(stored.last);
  return {
    task,
    executor,
    dueOf: (fireTime) => fireTime + compiled.delayMs(fireTime),
    succeededAt: success ? (success.settledAt ?? success.scheduledRunTime).getTime() : null,
    lastFailed: run && run.outcome !== 'executed' ? run.scheduledRunTime.getTime() : null,
  };
}
