import type { Call } from './calls.js';
import { accountOfJob, type JobAccount, type Kept, nameOf } from './job-account.js';
import { type Outcome, Outcomes } from './outcomes.js';
import { type Affliction, type Repeats, repeatsIn } from './repeats.js';
import type { Reported } from './reported.js';
import type { ChaosJob } from './workload.js';

/** The evidence of a chaos that is over: each field has another source. */
export interface Evidence {
  readonly jobs: readonly ChaosJob[];
  readonly events: readonly Reported[];
  /** By type: how many published events were not seen. */
  readonly unseen: ReadonlyMap<string, number>;
  /** The calls that the tasks recorded. */
  readonly calls: readonly Call[];
  /** By job: what the store holds at the end. */
  readonly kept: ReadonlyMap<string, Kept>;
  /** Runs without a job that were acknowledged to the producer. */
  readonly enqueued: readonly string[];
  readonly afflictions: readonly Affliction[];
  /** Whether Redis lost what it had acknowledged: then outcomes may be reported twice. */
  readonly redisForgot: boolean;
}

export interface Account {
  readonly expected: number;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** Fire times without an outcome, and enqueued runs without an outcome or an ended call. */
  readonly lost: readonly string[];
  /** Fire times and enqueued runs with more than one outcome. */
  readonly twice: readonly string[];
  /** How many fire times have no outcome and no ended call, while some events were not seen. */
  readonly unknown: number;
  readonly repeats: Repeats;
  /** By code: how many errors; '' for those of tasks. */
  readonly errors: ReadonlyMap<string, number>;
  /** The broken promises, in words. Empty if every promise was kept. */
  readonly violations: readonly string[];
}

/** Accounts for every fire time. It shares no code with the product that it judges. */
export function accountOf(evidence: Evidence): Account {
  const { jobs, events, unseen, redisForgot } = evidence;
  const outcomes = new Outcomes(jobs, events);
  // If a fire time has several calls, one that ended counts.
  const byEnd = [...evidence.calls].sort((a, b) => Number(a.endedAt !== null) - Number(b.endedAt !== null));
  const called = new Map(byEnd.map((call) => [nameOf(call.jobId, call.fireTime), call]));
  const isComplete = unseen.size === 0;
  const ofJobs = jobs.map((job) =>
    accountOfJob(job, {
      fires: outcomes.of(job.id),
      kept: evidence.kept.get(job.id),
      uncounted: outcomes.uncounted(job.id),
      callOf: (time) => called.get(nameOf(job.id, time)),
      claimedUntil: outcomes.claimedUntil,
      isComplete,
      redisForgot,
    }),
  );
  const enqueued = enqueuedIn(evidence, outcomes);
  const repeats = repeatsIn(evidence.calls, evidence.afflictions, outcomes.retries);
  const lost = [...ofJobs.flatMap((job) => job.lost), ...enqueued.lost];
  const twice = [...ofJobs.flatMap((job) => job.twice), ...enqueued.twice];
  const mistaken = !isComplete || redisForgot;
  return {
    expected: sum(ofJobs, (job) => job.expected),
    counts: {
      executed: sum(ofJobs, (job) => job.counts.executed),
      error: sum(ofJobs, (job) => job.counts.error),
      missed: sum(ofJobs, (job) => job.counts.missed),
      max_instances: sum(ofJobs, (job) => job.counts.max_instances),
      coalesced: sum(ofJobs, (job) => job.counts.coalesced),
      cancelled: sum(ofJobs, (job) => job.counts.cancelled),
    },
    lost,
    twice,
    unknown: sum(ofJobs, (job) => job.unknown),
    repeats,
    errors: outcomes.errors,
    violations: [
      ...lost.map((what) => `lost: ${what}`),
      ...(redisForgot ? [] : twice.map((what) => `settled twice: ${what}`)),
      ...(redisForgot ? [] : repeats.unexplained.map((what) => `repeated for no reason: ${what}`)),
      ...ofJobs.flatMap((job) => job.faults),
      ...(mistaken ? [] : outcomes.faults),
    ],
  };
}

/** Finds the enqueued runs without an ended call or an outcome, and those with several outcomes. */
function enqueuedIn({ enqueued, calls, unseen }: Evidence, outcomes: Outcomes): Pick<JobAccount, 'lost' | 'twice'> {
  const ended = new Set(calls.filter(({ endedAt }) => endedAt !== null).map(({ runId }) => runId));
  const name = (runId: string) => `run ${runId}, which was enqueued`;
  const isLost = (runId: string) =>
    !ended.has(runId) || (unseen.size === 0 && (outcomes.enqueued.get(runId)?.length ?? 0) === 0);
  return {
    lost: enqueued.filter(isLost).map(name),
    twice: [...outcomes.enqueued].filter(([, reported]) => reported.length > 1).map(([runId]) => name(runId)),
  };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
