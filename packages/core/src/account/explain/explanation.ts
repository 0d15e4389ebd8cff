import type { FireOutcome } from '../recorded.js';

/** The reasons of explanations. `docs/account.md` says what each means. */
export type ExplainCode =
  | FireOutcome
  | 'waiting'
  | 'store_paused'
  | 'will_fire'
  | 'not_named'
  | 'other_revision'
  | 'clock_change_shifted'
  | 'clock_change_skipped'
  | 'clock_change_folded'
  | 'paused'
  | 'quarantined'
  | 'not_existing'
  | 'unaccounted'
  | 'unknown_before';

/** The explanation of one instant of a job. */
export interface Explanation {
  readonly instant: Date;
  readonly code: ExplainCode;
  /** The explanation in English, with instants by the clock of the job's zone and in UTC. */
  readonly sentence: string;
  readonly evidence: Evidence;
}

/** The evidence of an explanation. Members that do not apply are left out. */
export interface Evidence {
  readonly jobId: string;
  /** The job as it was at that instant. */
  readonly revision?: RevisionEvidence;
  /** When the fire was due: the fire time and its jitter. */
  readonly dueTime?: Date;
  readonly run?: RunEvidence;
  /**
   * Further runs that callers requested for this fire time, oldest first: in place of a failed run (`retryRuns`), or at the same instant
   * (`runJob`). For a coalesced fire time, those in place of the run that it is part of.
   */
  readonly again?: readonly AgainEvidence[];
  readonly lateness?: Lateness;
  /** The run into which the fire time was coalesced. */
  readonly into?: FireRef;
  /** The runs that counted for `maxInstances` of the job, as far as they are known. */
  readonly holders?: readonly FireRef[];
  /** The nearest fire times before and after; null if there is none. */
  readonly near?: { readonly previous: Date | null; readonly next: Date | null };
  /** The first field of the trigger that does not match the instant. */
  readonly mismatch?: { readonly field: string; readonly is: string; readonly says: string };
  readonly clockChange?: ClockChangeEvidence;
  /** The change of the job that is the reason. */
  readonly deed?: DeedEvidence;
  /** Why the fire was late, or still waits. */
  readonly causes?: readonly Cause[];
  /** The instant from which on the account is complete. */
  readonly speaksFrom?: Date;
  /** The parts of the account that cannot be read. */
  readonly unreadable?: readonly string[];
}

export interface RevisionEvidence {
  readonly rev: number;
  /** The trigger in one line, such as `cron[0 8 * * *]`. */
  readonly trigger: string;
  readonly timezone: string | null;
  /** null if not known. */
  readonly from: Date | null;
  /** null if this is the present revision. */
  readonly to: Date | null;
  /** The actor that made the revision, and the reason. */
  readonly actor: string | null;
  readonly reason: string | null;
}

export interface DeedEvidence {
  /** null if not known. */
  readonly what: string | null;
  readonly actor: string | null;
  readonly reason: string | null;
  /** null if not known. */
  readonly at: Date | null;
}

export interface FireRef {
  readonly fireTime: Date;
  readonly runId: string | null;
}

/** A run, as far as its data is kept. The log keeps the last 20,000 events of a job store; `history` says how long outcomes are kept. */
export interface RunEvidence {
  readonly runId: string;
  /** Whether a caller requested it (`runJob`). */
  readonly asked: boolean;
  /** Its state as in `getRun`; null if only its outcome is kept. */
  readonly state: string | null;
  /** The worker of the last start. */
  readonly workerId: string | null;
  /** How often it was started; null if not known. */
  readonly attempts: number | null;
  readonly submittedAt: Date | null;
  readonly startedAt: Date | null;
  readonly settledAt: Date | null;
  readonly error: { readonly name: string; readonly message: string } | null;
}

/** A run that a caller requested for a fire time that already had one. */
export interface AgainEvidence extends Omit<RunEvidence, 'runId'> {
  /** null if the run is no longer known. */
  readonly runId: string | null;
  /** The id of the failed run that this run replaces; null if it replaces none. */
  readonly retryOf: string | null;
  /** The actor that requested it, and the reason; null if the call named none, or it is no longer known. */
  readonly actor: string | null;
  readonly reason: string | null;
}

/** The parts of the run's delay, ms; null if not known. */
export interface Lateness {
  /** From when it was due until it was claimed. */
  readonly planningMs: number | null;
  /** From the claim until a worker started it. */
  readonly queueMs: number | null;
  /** From its last start until it was settled. */
  readonly runMs: number | null;
  /** The most time from its fire time until it was settled or missed. */
  readonly settledWithinMs: number | null;
  readonly graceMs: number | null;
}

export interface ClockChangeEvidence {
  readonly kind: 'shifted' | 'skipped' | 'folded';
  readonly timezone: string;
  readonly wallClock: string;
  readonly changeAt: Date;
  readonly firesAt: Date | null;
}

/** A cause of delay in a job store. */
export interface Cause {
  readonly kind:
    | 'store_paused'
    | 'no_leader'
    | 'no_worker'
    | 'workers_unknown'
    | 'no_task'
    | 'worker_silent'
    | 'slots'
    | 'global_concurrency'
    | 'rate_limit'
    | 'queue'
    | 'jitter'
    | 'instances'
    | 'retry'
    | 'restarted'
    | 'running';
  readonly from: Date | null;
  readonly to: Date | null;
  readonly text: string;
}
