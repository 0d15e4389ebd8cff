import {
  type Claim,
  type Clock,
  type Delivery,
  type Instruments,
  type JobFault,
  type NewRun,
  type Outage,
  OutageWatch,
  type Report,
  StoreFullError,
  type TermStore,
} from '@carillon/core/internal';
import { claimJobs } from './claim-jobs.js';
import type { ClaimPlanner } from './claim-planner.js';
import type { Dispatcher } from './dispatch.js';
import { restMsAfter } from './pace.js';
import { only } from './packing.js';

export interface ClaimerParts {
  readonly jobStore: string;
  readonly terms: TermStore;
  readonly clock: Clock;
  readonly report: Report;
  readonly instruments?: Instruments | undefined;
  readonly planner: Pick<ClaimPlanner, 'definitionOf'>;
  readonly dispatcher: Dispatcher;
}

/** Claims that name the deliveries of their runs. */
export interface PackedClaims {
  readonly claims: readonly Claim[];
  readonly runs: readonly NewRun[];
  readonly deliveries: readonly Delivery[];
}

/** Claims jobs, and sends their runs to their queues. While Redis is full, no job fires: due fire times stay owed. */
export class Claimer {
  readonly #parts: ClaimerParts;
  /** Jobs are due, and Redis is full. */
  readonly #full: OutageWatch;
  /** That Redis is full has been reported. */
  #isFull = false;
  #claimRestMs = 0;

  constructor(parts: ClaimerParts) {
    this.#parts = parts;
    this.#full = new OutageWatch(parts.clock);
  }

  /** Jobs are due, and Redis has no room for their runs. */
  get outage(): Outage | null {
    return this.#full.outage;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** How long a claim of more due jobs is of no use, after the results of the last ones, ms. */
  get claimRestMs(): number {
    return this.#claimRestMs;
  }

  /** There was nothing to claim. */
  hadNothing(): void {
    this.#full.ended();
  }

  /** @param lookedBefore what came due after this instant has just come due, ms */
  async pack(claims: readonly Claim[], lookedBefore: number): Promise<PackedClaims> {
    const runs: NewRun[] = [];
    const fresh = new Set<string>();
    for (const { run, expected } of claims) {
      if (!run) continue;
      runs.push(run);
      if (expected.dueAt > lookedBefore) fresh.add(run.runId);
    }
    const deliveries = await this.#parts.dispatcher.pack(runs, fresh);
    return { claims: named(claims, deliveries), runs, deliveries };
  }

  /**
   * Returns the jobs that belong in quarantine, as they cannot be claimed.
   * @param since a time before these runs enter the outbox, by the store's clock, ms
   * @param asked called once the claim is on its way
   * @throws TermOver
   */
  async claim(
    epoch: number,
    { claims, runs, deliveries }: PackedClaims,
    since: number,
    asked: () => void = () => {},
  ): Promise<readonly JobFault[]> {
    const { report, jobStore, dispatcher, instruments } = this.#parts;
    try {
      const claiming = claimJobs(this.#parts, epoch, claims);
      asked();
      const { submitted, refused } = await claiming;
      this.#isFull = false;
      this.#full.ended();
      this.#claimRestMs = restMsAfter({
        asked: runs.length,
        submitted: submitted.length,
        busyMs: dispatcher.busyMs(runs),
      });
      const isAll = submitted.length === runs.length;
      await dispatcher.sendAside(epoch, isAll ? deliveries : only(deliveries, new Set(submitted)), since);
      if (instruments?.observesFires) this.#observe(claims, isAll ? null : new Set(submitted));
      return refused;
    } catch (error) {
      if (!(error instanceof StoreFullError)) throw error;
      if (!this.#isFull) report({ kind: 'redis_full', jobStore });
      this.#isFull = true;
      this.#full.began(error);
      return [];
    }
  }

  /** @param submitted the runs that were; null means all of them */
  #observe(claims: readonly Claim[], submitted: ReadonlySet<string> | null): void {
    const { instruments, jobStore, clock, planner } = this.#parts;
    const submittedAt = clock.now();
    for (const { id: jobId, run } of claims) {
      const fire = run?.fires[0];
      if (!run || !fire || submitted?.has(run.runId) === false) continue;
      const by = instruments?.firing(submittedAt);
      const definition = by && planner.definitionOf(jobId);
      if (!by || !definition) continue;
      const { task, executor, trace } = definition;
      const times = { scheduledRunTime: new Date(fire.fireTime), dueAt: fire.dueAt, submittedAt };
      instruments?.fired({ jobStore, executor, task, jobId, runId: run.runId, ...times, trace }, by);
    }
  }
}

/** Claims whose runs are to go out under these deliveries. */
function named(claims: readonly Claim[], deliveries: readonly Delivery[]): Claim[] {
  const ids = new Map<string, string>();
  for (const { id, runIds } of deliveries) for (const runId of runIds) ids.set(runId, id);
  return claims.map((claim) => ({ ...claim, deliveryId: ids.get(claim.run?.runId ?? '') ?? null }));
}
