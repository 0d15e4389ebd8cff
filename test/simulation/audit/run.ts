import type { NewRun } from '@carillon/core/internal';
import type { Retry } from '../operations/intent.js';
import type { Fire, Reported } from './effect.js';
import type { Job } from './job.js';

/** How a run is to be executed: as its job was at entry, or as a caller asked. */
export type Policy = Pick<
  Job,
  'task' | 'play' | 'executor' | 'priority' | 'graceMs' | 'maxInstances' | 'overlap' | 'retry' | 'timeoutMs' | 'perJob'
>;

/** The members of an event that describe a run's fire times. */
export type Submission = Required<Pick<Reported, 'scheduledRunTimes' | 'coalesced'>>;

export function submissionOf({ fires, coalesced, asked, by }: NewRun): Submission {
  return { scheduledRunTimes: fires.map(({ fireTime }) => fireTime), coalesced, ...(asked && { asked }), ...by };
}

/** A run as the ledger should hold it. */
export interface Run {
  readonly id: string;
  readonly jobId: string | null;
  readonly fires: readonly Fire[];
  readonly policy: Policy;
  readonly submission: Submission;
  /** It waits for an instance of its job. */
  waits: boolean;
  admittedAt: number;
  /** The events of fire times that have their outcome, and of the run if it gave way. */
  readonly outcomes: Reported[];
  /** Its outcome is kept. */
  isKept: boolean;
  /** It is to be cancelled. */
  cancelled: boolean;
  /** How many of its fire times have their outcome. */
  done: number;
  starts: number;
  /** Starts of the next fire time. */
  attempts: number;
  /** Attempts of it that failed and were put off. */
  failures: number;
  losses: number;
  token: string | null;
  leaseUntil: number | null;
  deliveryId: string | null;
  deliveredAt: number;
  /** When it may be delivered; null if it is not in the outbox. */
  outboxAt: number | null;
  /** The process, and the delivery, of the last start. */
  startedBy: { readonly process: string; readonly deliveryId: string; readonly deliveredAt: number } | null;
}

/** The data with which a run is entered. */
export interface Entering {
  readonly run: NewRun;
  readonly fires: readonly Fire[];
  readonly policy: Policy;
  readonly submission: Submission;
}

export function newRun({ run, fires, policy, submission }: Entering): Run {
  return {
    id: run.runId,
    jobId: run.jobId,
    fires,
    policy,
    submission,
    waits: false,
    admittedAt: 0,
    outcomes: [],
    isKept: run.history !== null,
    cancelled: false,
    done: 0,
    starts: 0,
    attempts: 0,
    failures: 0,
    losses: 0,
    token: null,
    leaseUntil: null,
    deliveryId: null,
    deliveredAt: 0,
    outboxAt: null,
    startedBy: null,
  };
}

/** Returns how the written record differs from the expected run. */
export function differencesOf({ run, policy }: Pick<Entering, 'run' | 'policy'>): string[] {
  const { task, args, timeoutMs, retry } = JSON.parse(run.payload);
  const compared: [string, unknown, unknown][] = [
    ['task', task, policy.task],
    ['arguments', args[0]?.n, policy.play.n],
    ['executor', run.executor, policy.executor],
    ['priority', run.priority, policy.priority],
    ['grace', run.graceMs, policy.graceMs],
    ['overlap', run.overlap, policy.overlap],
    ['timeout', timeoutMs ?? null, policy.timeoutMs],
    ['retries', retryInWords(retry), retryInWords(policy.retry)],
    ['history', run.history?.perJob ?? null, policy.perJob],
    ['maxInstances', run.jobId === null ? null : run.maxInstances, run.jobId === null ? null : policy.maxInstances],
  ];
  return compared.flatMap(([what, is, expected]) =>
    is === expected ? [] : [`its ${what} is ${is}, and should be ${expected}`],
  );
}

/** Describes a retry policy, as written (without defaults) or as asked for. */
export function retryInWords(retry: Partial<Retry> | null | undefined): string {
  if (!retry) return 'none';
  const { attempts, type = 'exponential', delay = 1_000, maxDelay = 3_600_000, jitter = 0 } = retry;
  return `${attempts} attempts, ${type}, ${delay} to ${maxDelay} ms, jitter ${jitter}`;
}
