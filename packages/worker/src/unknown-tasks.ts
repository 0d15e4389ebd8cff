import {
  type Clock,
  type JobRecords,
  type Ledger,
  placesOf,
  type Report,
  type StoreLook,
  servingWorkers,
} from '@carillon/core/internal';

export interface UnknownTasksParts {
  readonly jobStore: string;
  readonly workerId: string;
  readonly records: Pick<JobRecords, 'inspect'>;
  readonly ledger: Pick<Ledger, 'noteTask'>;
  /** How long no living worker that serves the executor may have the task before its runs end as errors. */
  readonly patienceMs: number;
  readonly clock: Clock;
  readonly report: Report;
}

/** A run whose task this worker lacks, or whose record it cannot read. */
export interface LackingRun {
  readonly executor: string;
  /** null if a newer release wrote the run. */
  readonly task: string | null;
  /** When it was due, ms: the longer it has waited, the less often it is delivered. */
  readonly dueAt: number;
  /** Whether it was started before. */
  readonly seenBefore: boolean;
}

interface Cached<Value> {
  readonly at: number;
  readonly value: Promise<Value>;
}

const MIN_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;
/** If a task was last found absent longer ago than this, its absence counts from the start again, ms. */
const FORGET_MS = 60_000;
/** Replaces the task of runs that a newer release wrote: no task has this name. */
const NEWER = '(newer)';
/** The least time between two looks at the workers of a job store, and between two records of a task, ms. */
const LOOK_MS = 500;

/**
 * Decides what happens to a run whose task this worker lacks, as in a deployment that is under way: it goes back to its queue, for the
 * workers that have the task, and is an error only where for some time no living worker has had it. How long that is, the workers
 * keep in the job store together: each of them sees a run of the task more rarely, the more of them there are.
 */
export class UnknownTasks {
  readonly #parts: UnknownTasksParts;
  /** By executor and task: for how long no living worker has had it, ms. */
  readonly #absent = new Map<string, Cached<number>>();
  /** When the beginning of an absence was reported, by executor and task. */
  readonly #reported = new Map<string, number>();
  #look: Cached<StoreLook> | undefined;

  constructor(parts: UnknownTasksParts) {
    this.#parts = parts;
  }

  /** For how long to put the run off, ms; null if its error stands. */
  async delayFor(run: LackingRun): Promise<number | null> {
    if ((await this.#absentFor(run)) >= this.#parts.patienceMs) return null;
    const { at, value } = this.#workers();
    const age = (await value).now + this.#parts.clock.now() - at - run.dueAt;
    return Math.ceil(Math.min(Math.max(age / 4, MIN_DELAY_MS), MAX_DELAY_MS));
  }

  #absentFor(run: LackingRun): Promise<number> {
    const now = this.#parts.clock.now();
    for (const [key, { at }] of this.#absent) if (Math.abs(now - at) > LOOK_MS) this.#absent.delete(key);
    const key = `${run.executor} ${run.task ?? NEWER}`;
    const known = this.#absent.get(key);
    if (known) return known.value;
    const value = this.#note(run);
    this.#absent.set(key, { at: now, value });
    value.catch(() => this.#absent.delete(key));
    return value;
  }

  async #note({ executor, task, seenBefore }: LackingRun): Promise<number> {
    const { ledger, report, jobStore } = this.#parts;
    const look = await this.#workers().value;
    const isThere = task === null ? this.#isRead(look, executor) : placesOf(look, executor, task).having.length > 0;
    const forgetMs = seenBefore ? null : FORGET_MS;
    const absentMs = await ledger.noteTask({ executor, task: task ?? NEWER, isThere, forgetMs, lookedAt: look.now });
    if (!isThere && absentMs === 0 && this.#isNews(`${executor} ${task ?? NEWER}`)) {
      if (task === null) report({ kind: 'runs_newer', jobStore, executor });
      else report({ kind: 'task_unknown', jobStore, executor, task });
    }
    return isThere ? Number.NEGATIVE_INFINITY : absentMs;
  }

  /** An observation from before a worker joined begins no absence: the next look would find the same. */
  #isNews(key: string): boolean {
    const now = this.#parts.clock.now();
    for (const [old, at] of this.#reported) if (Math.abs(now - at) > FORGET_MS) this.#reported.delete(old);
    const isNews = !this.#reported.has(key);
    if (isNews) this.#reported.set(key, now);
    return isNews;
  }

  /** Whether a living worker that serves the executor reads a newer format than this one. */
  #isRead(look: StoreLook, executor: string): boolean {
    const reads = new Map(look.readers.map((reader) => [reader.member, reader.reads ?? 0]));
    const ofWorker = (id: string) => reads.get(`worker ${id}`) ?? 0;
    const own = ofWorker(this.#parts.workerId);
    return servingWorkers(look, executor).some(({ workerId }) => ofWorker(workerId) > own);
  }

  #workers(): Cached<StoreLook> {
    const now = this.#parts.clock.now();
    if (this.#look && Math.abs(now - this.#look.at) < LOOK_MS) return this.#look;
    const look = { at: now, value: this.#parts.records.inspect({ runs: 0, quarantined: 0 }) };
    this.#look = look;
    look.value.catch(() => {
      this.#look = undefined;
    });
    return look;
  }
}
