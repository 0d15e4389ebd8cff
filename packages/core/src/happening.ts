import type { OutageLine } from './outage-log/lines.js';
import type { Connection, ConnectionChange } from './outage-log/redis-health.js';

/** What happens, for logs. Its wording is below, and only there. One entry covers all runs that it affects. */
export type Happening =
  /** What happens to a connection to Redis. It is logged only where Redis is lost for all that is known, and once. */
  | { readonly kind: 'connection'; readonly connection: Connection; readonly change: ConnectionChange }
  /** An error of a connection that is still open. */
  | { readonly kind: 'connection_error'; readonly redis: string; readonly error: Error }
  | { readonly kind: 'not_reached'; readonly error: unknown; readonly retryMs: number }
  | { readonly kind: 'listener_failed'; readonly event: string; readonly error: unknown }
  | { readonly kind: 'telemetry_failed'; readonly error: unknown }
  | { readonly kind: 'log_failed'; readonly jobStore: string; readonly error: unknown }
  | { readonly kind: 'log_gap'; readonly jobStore: string; readonly after: string }
  | { readonly kind: 'runs_not_read'; readonly jobStore: string; readonly error: unknown }
  | { readonly kind: 'message_unreadable'; readonly channel: string; readonly message: string }
  | { readonly kind: 'record_unreadable'; readonly jobStore: string; readonly id: string; readonly why: string }
  | {
      readonly kind: 'record_newer';
      readonly jobStore: string;
      readonly record: 'job' | 'run';
      readonly id: string;
    }
  | { readonly kind: 'runs_newer'; readonly jobStore: string; readonly executor: string }
  | { readonly kind: 'jobs_in_memory'; readonly jobStores: readonly string[] }
  | { readonly kind: 'coordinator_started'; readonly coordinatorId: string; readonly jobStores: readonly string[] }
  | { readonly kind: 'coordinator_shut_down'; readonly coordinatorId: string }
  | { readonly kind: 'lock_not_ours'; readonly jobStore: string }
  | { readonly kind: 'election_failed'; readonly jobStore: string; readonly error: unknown }
  | { readonly kind: 'showing_failed'; readonly jobStore: string; readonly error: unknown }
  | { readonly kind: 'clock_went_back'; readonly jobStore: string; readonly byMs: number }
  | { readonly kind: 'term_began'; readonly jobStore: string; readonly epoch: number }
  | { readonly kind: 'term_ended'; readonly jobStore: string; readonly epoch: number; readonly reason: string }
  | { readonly kind: 'store_emptied'; readonly jobStore: string }
  | { readonly kind: 'redis_full'; readonly jobStore: string }
  | { readonly kind: 'tick_failed'; readonly jobStore: string; readonly error: unknown }
  | { readonly kind: 'claim_failed'; readonly jobStore: string; readonly jobId: string; readonly error: unknown }
  | {
      readonly kind: 'delivery_unsure';
      readonly jobStore: string;
      readonly runIds: readonly string[];
      readonly reason: string;
      /** What the reason was taken from, if that was an error. */
      readonly fault?: unknown;
    }
  | {
      readonly kind: 'delivery_refused';
      readonly jobStore: string;
      readonly runIds: readonly string[];
      readonly reason: string;
    }
  | { readonly kind: 'runs_reaped'; readonly jobStore: string; readonly runIds: readonly string[] }
  | { readonly kind: 'runs_astray'; readonly jobStore: string; readonly runIds: readonly string[] }
  | { readonly kind: 'runs_miscounted'; readonly jobStore: string }
  | { readonly kind: 'key_moved'; readonly key: string; readonly movedTo: string }
  | { readonly kind: 'workers_lost'; readonly jobStore: string; readonly workerIds: readonly string[] }
  | { readonly kind: 'worker_started'; readonly workerId: string; readonly executors: readonly string[] }
  | { readonly kind: 'worker_shut_down'; readonly workerId: string; readonly handedBack: number }
  | { readonly kind: 'queue_failed'; readonly executor: string; readonly error: Error }
  | ({ readonly kind: 'task_failed' } & FailedTask)
  | ({
      readonly kind: 'task_retried';
      /** How long after its end, ms; left out where its error says when. */
      readonly retryInMs?: number;
      /** When, an ISO string, where its error says that. */
      readonly retryAt?: string;
    } & FailedTask)
  | { readonly kind: 'task_unknown'; readonly jobStore: string; readonly executor: string; readonly task: string }
  | { readonly kind: 'contract_not_published'; readonly task: string; readonly why: string }
  | { readonly kind: 'schema_differs'; readonly task: string; readonly executor: string; readonly taskFile: string }
  | {
      readonly kind: 'arguments_refused';
      readonly jobStore: string;
      readonly task: string;
      /** How many jobs and owed runs, and the first of each. */
      readonly jobs: number;
      readonly jobIds: readonly string[];
      readonly runs: number;
      readonly runIds: readonly string[];
      /** What is wrong with the first one. */
      readonly why: string;
    }
  | { readonly kind: 'tasks_loading'; readonly taskFile: string; readonly executor?: string }
  | { readonly kind: 'executor_died'; readonly executor: string; readonly error: unknown }
  /** null means on the event loop of the worker. */
  | { readonly kind: 'teardown_failed'; readonly executor: string | null; readonly error: unknown }
  | { readonly kind: 'runs_lost'; readonly jobStore: string; readonly runIds: readonly string[] }
  | { readonly kind: 'outcomes_void'; readonly jobStore: string; readonly runIds: readonly string[] }
  | {
      readonly kind: 'delivery_failed';
      readonly jobStore: string;
      readonly deliveryId: string;
      readonly error: unknown;
    }
  | { readonly kind: 'delivery_lost'; readonly executor: string; readonly deliveryId: string }
  | { readonly kind: 'settling_failed'; readonly jobStore: string; readonly error: unknown }
  | { readonly kind: 'heartbeat_failed'; readonly jobStore: string; readonly error: unknown }
  | { readonly kind: 'progress_failed'; readonly jobStore: string; readonly error: unknown };

interface FailedTask {
  readonly jobStore: string;
  /** null if its run was enqueued. */
  readonly jobId: string | null;
  readonly runId: string;
  readonly task: string;
  readonly attempt: number;
  readonly error: unknown;
}

type Wording = readonly ['debug' | 'info' | 'warn' | 'error', string];
/** What has words of its own in the log. */
export type Worded = Exclude<Happening['kind'], 'connection'> | OutageLine['kind'] | 'format_not_read';

export const WORDING: { readonly [K in Worded]: Wording } = {
  redis_lost: ['warn', 'Redis is not reached; trying again'],
  redis_gone: ['error', 'Redis is still not reached; trying again'],
  redis_back: ['warn', 'Redis is reached again'],
  format_not_read: ['error', 'this release does not read the format of a job store; trying again'],
  connection_error: ['warn', 'a connection to Redis reports an error'],
  not_reached: ['error', 'Redis is not reached; trying again'],
  telemetry_failed: ['warn', 'what observes this process threw; it goes on'],
  listener_failed: ['error', 'a listener threw; it stays subscribed'],
  log_failed: ['warn', 'the log of events cannot be read; trying again'],
  log_gap: [
    'error',
    'the log of events is not kept from there on any more; a listener goes on with the oldest that is',
  ],
  runs_not_read: ['warn', 'runs whose results are waited for cannot be read; trying again'],
  message_unreadable: ['warn', 'a message on an event channel is not an event that this version knows; ignored'],
  record_unreadable: ['error', 'a record cannot be read'],
  record_newer: ['warn', 'a newer release wrote a record: it is left for members that read it'],
  runs_newer: [
    'warn',
    'a newer release wrote runs of an executor, and no living worker of it reads them; they wait for one that does',
  ],
  jobs_in_memory: [
    'warn',
    'no redis was given: jobs are kept in the memory of this process, and end with it; give redis to keep and share them, or memory: true if this is meant',
  ],
  coordinator_started: ['info', 'coordinator started'],
  coordinator_shut_down: ['info', 'coordinator shut down'],
  lock_not_ours: [
    'error',
    'no coordinator can lead a job store: its key `leader` never expires, so that none of us wrote it; delete it',
  ],
  election_failed: ['warn', 'contending for the leadership failed; trying again'],
  showing_failed: ['warn', 'the other coordinators of a job store could not be asked; trying again'],
  clock_went_back: [
    'warn',
    'the clock of Redis went back: no job fires until it has passed the fire time that is set for it; `carillon doctor` says what to do',
  ],
  term_began: ['info', 'leading'],
  term_ended: ['info', 'leading no more'],
  store_emptied: [
    'error',
    'Redis has forgotten a job store: it was emptied, or restarted without its data; its jobs and runs are gone; add them again',
  ],
  redis_full: [
    'error',
    'Redis has reached its maxmemory: no job of a job store fires until there is room; the runs that are owed are worked through',
  ],
  tick_failed: ['error', 'a step of the leader failed; trying again'],
  claim_failed: ['error', 'a job that is due could not be claimed; the others were; trying again'],
  delivery_unsure: ['warn', 'it is not known whether runs were queued; they stay in the outbox'],
  delivery_refused: ['error', 'the queue refused runs; they are settled as errors'],
  runs_reaped: ['warn', 'runs were lost by their workers or their queue; they will run again'],
  runs_astray: [
    'warn',
    'runs were owed and nowhere, as another program wrote to the job store; they are entered again',
  ],
  runs_miscounted: [
    'warn',
    'more runs were counted than there are, as another program wrote to the job store; they are counted again',
  ],
  key_moved: ['error', 'a key held another type than ours, so that none of us wrote it; it was moved away'],
  workers_lost: ['warn', 'workers have been silent for too long'],
  worker_started: ['info', 'worker started'],
  worker_shut_down: ['info', 'worker shut down'],
  queue_failed: ['warn', 'the queue reports an error'],
  task_failed: ['warn', 'a task failed; it is not tried again'],
  task_retried: ['warn', 'a task failed; it is tried again'],
  task_unknown: ['warn', 'no living worker of the executor has the task; its runs wait for one that has'],
  tasks_loading: [
    'warn',
    'the module of the tasks has not finished loading after 5 s; until it has, what needs it waits',
  ],
  arguments_refused: [
    'warn',
    'jobs or owed runs have arguments that the schema of their task refuses; their runs end as errors',
  ],
  schema_differs: [
    'warn',
    'the taskFile has another schema of a task than the option tasks: calls are checked by one, runs by the other',
  ],
  contract_not_published: [
    'warn',
    'the schema of a task cannot be published: only its workers check its arguments, as it runs',
  ],
  executor_died: ['warn', 'a thread or child process died while it ran nothing; another one will take its place'],
  teardown_failed: ['error', 'what tasks need could not be closed; the shutdown goes on'],
  runs_lost: ['warn', 'the leases of runs were lost; their signals are aborted, and their outcomes count for nothing'],
  outcomes_void: ['warn', 'runs are not ours any more; their outcomes count for nothing'],
  delivery_failed: ['error', 'a delivery could not be worked on; its runs will be delivered again'],
  delivery_lost: ['info', 'a delivery is done already, or another worker has it; the ledger says whose its runs are'],
  settling_failed: ['error', 'outcomes of tasks could not be settled; trying again'],
  heartbeat_failed: ['warn', 'a heartbeat failed; trying again'],
  progress_failed: ['warn', 'progress of runs could not be reported; it is reported again with the next progress'],
};

/** Where an error is that of users' code, whatever it is: a task that does not reach a Redis has failed. */
export const OF_USERS: ReadonlySet<string> = new Set<Worded>([
  'task_failed',
  'task_retried',
  'executor_died',
  'teardown_failed',
  'listener_failed',
  'telemetry_failed',
]);
