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
  /** The job as it was then. */
  readonly revision?: RevisionEvidence;
  /** When the fire was due: the fire time and its jitter. */
  readonly dueTime?: Date;
  readonly run?: RunEvidence;
  /**
   * Further runs that a caller asked for at this fire time: in place of one that failed (`retryRuns`), or at the same instant (`runJob`).
   * Oldest first.
   */
  readonly again?: readonly AgainEvidence[];
  readonly lateness?: Lateness;
  /** The run that a coalesced fire time is part of. */
  readonly into?: FireRef;
  /** The runs that held the places of the job, as far as they are known. */
  readonly holders?: readonly FireRef[];
  /** The nearest fire times on both sides; null if there is none. */
  readonly near?: { readonly previous: Date | null; readonly next: Date | null };
  /** The first field of the trigger that does not match. */
  readonly mismatch?: { readonly field: string; readonly is: string; readonly says: string };
  readonly clockChange?: ClockChangeEvidence;
  /** The change of the job that decides. */
  readonly deed?: DeedEvidence;
  /** Why it was late, or waits. */
  readonly causes?: readonly Cause[];
  /** The instant from which on the account is known. */
  readonly speaksFrom?: Date;
  /** What of the account cannot be read. */
  readonly unreadable?: readonly string[];
}

export interface RevisionEvidence {
  readonly rev: number;
  /** In a line, such as `cron[0 8 * * *]`. */
  readonly trigger: string;
  readonly timezone: string | null;
  /** null if not known. */
  readonly from: Date | null;
  /** null means how the job is. */
  readonly to: Date | null;
  /** Which actor made it, and why. */
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

/** A run, as far as it is kept. The log has the last 20,000 events of a job store; `history` says how long outcomes are kept. */
export interface RunEvidence {
  readonly runId: string;
  /** A caller asked for it (`runJob`). */
  readonly asked: boolean;
  /** Its state as in `getRun`; null means that only its outcome is kept. */
  readonly state: string | null;
  /** Of the last start. */
  readonly workerId: string | null;
  /** How often it was started; null if not known. */
  readonly attempts: number | null;
  readonly submittedAt: Date | null;
  readonly startedAt: Date | null;
  readonly settledAt: Date | null;
  readonly error: { readonly name: string; readonly message: string } | null;
}

/** A run that a caller asked for at a fire time that had one. */
export interface AgainEvidence extends Omit<RunEvidence, 'runId'> {
  /** null if which run it was is not known any more. */
  readonly runId: string | null;
  /** The failed run that this one replaces; null if it replaces none. */
  readonly retryOf: string | null;
  /** Which actor asked for it, and why; null if the call named none, or it is not known any more. */
  readonly actor: string | null;
  readonly reason: string | null;
}

/** How late it was, by part, ms; null if not known. */
export interface Lateness {
  /** From when it was due until it was claimed. */
  readonly planningMs: number | null;
  /** From then until a worker started it. */
  readonly queueMs: number | null;
  /** From its last start until it was settled. */
  readonly runMs: number | null;
  /** How long after its fire time it was settled, or given up, at most. */
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
