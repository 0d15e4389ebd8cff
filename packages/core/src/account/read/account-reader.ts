import { openStretches } from '../../job/open-stretches.js';
import type { JobAccount, JobRecords } from '../../ports/job-records.js';
import { type InspectedWorker, inspectedWorkers } from '../../scheduler/inspection.js';
import type { StoreNow } from '../explain/subject.js';
import { type StoreTimeline, storeTimelineOf } from '../store-timeline.js';
import { type Timeline, timelineOf } from '../timeline.js';

/** The length of a page of the store's account, and the most pages. Finding older events costs more. */
const PAGE = 500;
const MOST_PAGES = 20;
/** The most owed runs that are searched for limits of their executors. */
const LOOKED_RUNS = 50;
/** The most entries of accounts that are read together. Redis does nothing else in this time. */
const ENTRIES_AT_ONCE = 5_000;

/** Reads the accounts of a job store. */
export class AccountReader {
  readonly #records: JobRecords;

  constructor(records: JobRecords) {
    this.#records = records;
  }

  async job(id: string): Promise<Timeline> {
    return timelineBy(id, await this.#records.account(id));
  }

  /** Reads the accounts of many jobs, in order. It reads the next ones while the caller looks at those before. */
  async *jobs(ids: readonly string[]): AsyncGenerator<Timeline> {
    let rest = ids;
    let next = this.#some(rest);
    while (next) {
      const accounts = await next;
      const read = rest.slice(0, accounts.length);
      rest = rest.slice(accounts.length);
      next = this.#some(rest);
      // The caller may stop before these accounts are there.
      next?.catch(() => {});
      for (const [place, account] of accounts.entries()) yield timelineBy(read[place] ?? '', account);
    }
  }

  #some(ids: readonly string[]): Promise<readonly JobAccount[]> | undefined {
    return ids.length === 0 ? undefined : this.#records.accounts({ ids, entries: ENTRIES_AT_ONCE });
  }

  /** Reads the past of the job store, at least as far back as an instant, ms. */
  async store(since: number): Promise<StoreTimeline> {
    const latestFirst: string[] = [];
    let from: number | null = null;
    let cursor: string | null = null;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const page: Awaited<ReturnType<JobRecords['storeAccount']>> = await this.#records.storeAccount({
        limit: PAGE,
        cursor,
      });
      from = page.from;
      latestFirst.push(...page.entries);
      cursor = page.cursor;
      // The leader and the workers of an instant were recorded before it.
      if (cursor === null || (atOf(page.entries.at(-1)) < since - LOOK_BACK_MS && pages > 0)) break;
    }
    const { workers } = await this.#records.inspect({ runs: 0, quarantined: 0 });
    return storeTimelineOf(latestFirst.toReversed(), from, cursor === null, inspectedWorkers(workers));
  }

  /**
   * Reads the present state of the job store. @param isQueued whether a run waits in the queue of the executor: then it also reads how much of the
   * executor is in use
   */
  async storeNow({ executor, task }: Needed, isQueued: boolean): Promise<StoreNow> {
    const [look, measured] = await Promise.all([
      this.#records.inspect({ runs: isQueued ? LOOKED_RUNS : 0, quarantined: 0 }),
      isQueued ? this.#records.measure({ jobs: 0, executors: [executor] }) : null,
    ]);
    const workers = inspectedWorkers(look.workers);
    const serving = workers.filter(
      ({ executors, lastSeen, leaseMs }) =>
        executors.some(({ alias }) => alias === executor) && look.now - lastSeen.getTime() <= (leaseMs ?? 0),
    );
    const slots = serving
      .flatMap(({ executors }) => executors.filter(({ alias }) => alias === executor))
      .reduce((sum, { concurrency }) => sum + concurrency, 0);
    const taken = measured?.executors.find((one) => one.executor === executor)?.taken ?? 0;
    const limits = look.queues.find((one) => one.executor === executor) ?? null;
    return {
      paused: look.paused,
      isLed: look.ledUntil !== null,
      isServed: serving.length > 0,
      hasTask: serving.some(({ tasks }) => tasks.length === 0 || tasks.includes(task)),
      queue: isQueued ? { slots, taken, limits } : null,
      silent: new Map(workers.flatMap((worker) => silenceOf(worker, look.now) ?? [])),
    };
  }
}

function silenceOf({ workerId, lastSeen, leaseMs }: InspectedWorker, now: number) {
  const forMs = now - lastSeen.getTime();
  return leaseMs !== null && forMs > leaseMs / 2 ? [[workerId, { forMs, leaseMs }] as const] : undefined;
}

/** The needs of a job that workers have to meet. */
export interface Needed {
  readonly executor: string;
  readonly task: string;
}

function timelineBy(id: string, { now, from, job, entries, instances }: JobAccount): Timeline {
  const open = job && !('why' in job) ? openStretches(job.last) : [];
  return timelineOf({ id, now, from, job, open, entries, instances });
}

const LOOK_BACK_MS = 3_600_000;

function atOf(message: string | undefined): number {
  return Number(/"at":(\d+)/.exec(message ?? '')?.[1] ?? Number.POSITIVE_INFINITY);
}
