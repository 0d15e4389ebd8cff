import type { AskedBy } from '../by.js';
import type { ErrorInfo } from '../event/outcome.js';
import type { EventDraft } from './event-draft.js';

/** What happens to a fire whose job has `maxInstances` live runs: see `JobPolicy.overlap`. */
export type Overlap = 'skip' | 'queue' | 'replace';

/** The members that every event of a run has. */
export interface RunLabel {
  readonly runId: string;
  /** null for a run without a job (`enqueue`). */
  readonly jobId: string | null;
  readonly task: string;
  readonly executor: string;
  /** The id of the failed run that it runs again. */
  readonly retryOf?: string | undefined;
}

/** The fields by which a run is packed into a delivery: its queue, and its place there. */
export interface RunRoute {
  readonly runId: string;
  readonly executor: string;
  /** Which of an executor's runs go first: 0, then 1, 2, … */
  readonly priority: number;
}

/** The policy of a job for its runs in the ledger. */
export interface RunPolicy extends Omit<RunRoute, 'runId'> {
  /** The most live runs of the job, this one included. Ignored without a job. */
  readonly maxInstances: number;
  readonly overlap: Overlap;
  /** How long its outcomes are kept after they were settled, and of how many of its job's runs (null: of all); null means not at all. */
  readonly history: { readonly ageMs: number; readonly perJob: number | null } | null;
}

/** A run as it enters the ledger. */
export interface NewRun extends RunLabel, RunPolicy {
  /** For each fire time, oldest first: the fire time and the instant it was due, ms. */
  readonly fires: readonly { readonly fireTime: number; readonly dueAt: number }[];
  /** How late it may start, ms after its due instant; null means no limit. */
  readonly graceMs: number | null;
  /** The first and the last of the older fire times that it replaces, ms; null if there are none. */
  readonly coalesced: { readonly first: number; readonly last: number } | null;
  /** A caller requested it: the trigger of its job does not name its fire time. */
  readonly asked?: true | undefined;
  /** The actor that requested it, and the reason. */
  readonly by?: AskedBy | undefined;
  /** JSON: task, arguments and whatever else the worker needs. The store never reads it. */
  readonly payload: string;
  /** The part that all its events have, as they are published, if it was written before. */
  readonly label?: string | undefined;
}

/** The progress of a run that is owed. */
export interface RunProgress {
  /** How many of the fire times have been settled. */
  readonly done: number;
  /** How often the fire time after those was started, lost workers included. */
  readonly starts: number;
  /** How often it failed and was put off for a retry. */
  readonly tries: number;
  /** Whether it is being cancelled: then no more of its fire times are started. */
  readonly cancelled: boolean;
}

/** The part of a run in the ledger that its readers need. `task` and `payload` are '' where they cannot be read. */
export interface LedgerRun
  extends RunLabel,
    RunProgress,
    Pick<NewRun, 'fires' | 'overlap' | 'history' | 'asked' | 'payload'> {
  /** A newer release wrote its payload. */
  readonly newer?: true;
  /** The members that all its events have, as JSON without braces. */
  readonly label?: string | undefined;
}

export interface StartParams {
  readonly deliveryId: string;
  readonly runIds: readonly string[];
  /** Chosen by the worker for this start; the worker that holds it may settle. */
  readonly token: string;
  readonly workerId: string;
  readonly leaseMs: number;
  /** A run that lost more workers than this without settling anything in between is settled as an error. */
  readonly maxWorkerLosses: number;
}

/**
 * `dropped`: not owed, or owed under another delivery. `ended`: its fire times were missed, it was cancelled, or it lost too
 * many workers. `newer`: a newer release wrote its state, and it stays as it is.
 */
export type StartOutcome =
  | { readonly status: 'started'; readonly run: LedgerRun }
  | { readonly status: 'dropped' | 'ended'; readonly runId: string }
  | { readonly status: 'unreadable' | 'newer'; readonly runId: string };

/** The outcome of one execution, which the store publishes. */
export type Settlement = SettledExecution &
  (
    | { readonly outcome: 'executed' /** JSON, which the store never reads. */; readonly value: string }
    | { readonly outcome: 'error'; readonly error: ErrorInfo }
    /** Cancels this execution and all that are left. */
    | { readonly outcome: 'cancelled' }
    | PutOff
  );

interface SettledExecution {
  readonly run: RunLabel & Pick<LedgerRun, 'label'>;
  readonly token: string;
  /** The index of the fire time in the run, from 0. */
  readonly index: number;
  readonly fireTime: number;
  /** For the run's last one: what the store needs to know of the run as it ends, as its start returned it. */
  readonly last?: Pick<LedgerRun, 'overlap' | 'history' | 'asked'> | undefined;
}

/**
 * Settles nothing: the worker gives the run back for another delivery, and the run keeps its instance. A run that is being cancelled is
 * not retried. The store adds the instant of the retry to its event.
 */
interface PutOff {
  readonly outcome: 'retry';
  readonly attempt: number;
  readonly error: ErrorInfo;
  readonly delayMs?: number;
  /** The instant in place of `delayMs`, ms. A past instant means at once; one more than a year ahead means in a year. */
  readonly retryAt?: number;
}

/**
 * `cancelled`: settled, and with it the rest of the run, which was to be cancelled. `void`: the run is not owed any more, or
 * another start holds it; the outcome counts for nothing.
 */
export type SettleOutcome = 'settled' | 'cancelled' | 'void';

export interface HeldRun {
  readonly runId: string;
  readonly token: string;
}

/** What a worker reports of itself. */
export interface WorkerInfo {
  readonly workerId: string;
  /** JSON, shown to clients that ask for workers. */
  readonly json: string;
}

export interface JoinParams {
  readonly worker: WorkerInfo;
  /** The aliases that it serves, and the tasks that it has. */
  readonly executors: readonly string[];
  readonly tasks: readonly string[];
  readonly event: EventDraft;
}

/** Whether a living worker that serves an executor has a task, as a worker has just seen. */
export interface TaskSeen {
  readonly executor: string;
  readonly task: string;
  readonly isThere: boolean;
  /** If nothing was noted for longer, the time without the task counts from now on; null if it continues. */
  readonly forgetMs: number | null;
  /** When it was seen, by the clock of the job store, ms. If a worker joined since, this begins no time without the task. */
  readonly lookedAt: number;
}

export interface HeartbeatParams {
  readonly worker: WorkerInfo;
  readonly leaseMs: number;
  readonly held: readonly HeldRun[];
}

export interface HeartbeatAnswer {
  /** Whether the store knows the worker. If not, the worker was declared lost, or the store was emptied: it must join again. */
  readonly isKnown: boolean;
  /** The runs that it no longer holds. */
  readonly refused: readonly string[];
  /** The runs that it holds and that are being cancelled. */
  readonly cancelled: readonly string[];
}

export interface HandBackParams {
  readonly held: readonly HeldRun[];
  /** How long until they are delivered again, ms; default: at once. A run that is being cancelled is always delivered at once. */
  readonly delayMs?: number;
}

/** The workers' side of a job store: the runs that are owed. */
export interface Ledger {
  start(params: StartParams): Promise<readonly StartOutcome[]>;
  settle(params: {
    readonly op: string;
    readonly settlements: readonly Settlement[];
  }): Promise<readonly SettleOutcome[]>;
  /** Renews the leases of a worker, and shows it as it is now, if it is known. */
  heartbeat(params: HeartbeatParams): Promise<HeartbeatAnswer>;
  /** Shows how far runs are; that of a run which is held no longer is dropped. `json` is opaque to the store. */
  progress(reports: readonly (HeldRun & { readonly json: string })[]): Promise<void>;
  /** Gives unfinished runs back for another delivery. For a run that was not started, its delivery id replaces the token. */
  handBack(params: HandBackParams): Promise<void>;
  /** Registers a worker. The tasks that it has no longer count as absent from the executors that it serves. */
  join(params: JoinParams): Promise<void>;
  /**
   * Records whether a worker saw a task. Returns for how many ms no living worker of the executor has had it, as far as is known: since
   * it was first absent, unless a worker that has it joined or was seen since.
   */
  noteTask(seen: TaskSeen): Promise<number>;
  /** Forgets a worker that was stopped, and publishes `worker_left` if it was known. */
  leave(workerId: string): Promise<void>;
}
