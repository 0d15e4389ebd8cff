/** The definition of a metric for Prometheus. */
interface MetricForm {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Metrics of job stores. Each process that has them exports the same values, which are read from Redis. */
export const OF_STORES = {
  up: form('carillon_up', 'Whether the job store was read: 1, or 0.', ['store']),
  measureSeconds: form('carillon_measure_duration_seconds', 'How long reading the job store took.', ['store']),
  jobs: form('carillon_jobs', 'Jobs, scheduled or paused.', ['store', 'state']),
  runs: form('carillon_runs', 'Runs that are owed: waiting for an instance, in the outbox, queued, or started.', [
    'store',
    'state',
  ]),
  oldestDue: form('carillon_oldest_due_age_seconds', 'How long the first due job has been due.', ['store']),
  oldestOutbox: form(
    'carillon_oldest_outbox_age_seconds',
    'How long the first run in the outbox has been ready for delivery.',
    ['store'],
  ),
  oldestQueued: form('carillon_oldest_queued_age_seconds', 'How long the oldest delivery has waited for a worker.', [
    'store',
    'executor',
  ]),
  deliveries: form('carillon_deliveries', 'Deliveries on the queue of an executor: waiting, or taken by a worker.', [
    'store',
    'executor',
    'state',
  ]),
  executorWorkers: form('carillon_executor_workers', 'Workers that serve an executor.', ['store', 'executor']),
  executorSlots: form('carillon_executor_slots', 'Runs that the workers of an executor take at once.', [
    'store',
    'executor',
  ]),
  workers: form('carillon_workers', 'Workers that show signs of life.', ['store']),
  led: form('carillon_led', 'Whether a coordinator leads the job store: 1, or 0.', ['store']),
  leads: form('carillon_coordinator_leads', 'Whether this coordinator leads the job store: 1, or 0.', [
    'store',
    'coordinator',
  ]),
  term: form('carillon_leader_term', 'The epoch of the last term, which only grows.', ['store']),
  paused: form('carillon_paused', 'Whether the job store is paused: 1, or 0.', ['store']),
  quarantine: form('carillon_quarantine_records', 'Records in quarantine.', ['store']),
  leftOut: form('carillon_jobs_left_out', 'Jobs with metrics: true beyond the first 1,000, which have no series.', [
    'store',
  ]),
  lastSuccess: form(
    'carillon_job_last_success_timestamp_seconds',
    'The fire time of the last execution that succeeded.',
    ['store', 'job_id'],
  ),
  lastOutcome: form('carillon_job_last_outcome', 'The last outcome of the job: 1 for it, 0 for the others.', [
    'store',
    'job_id',
    'outcome',
  ]),
  nextRun: form('carillon_job_next_run_timestamp_seconds', 'When the job fires next.', ['store', 'job_id']),
} as const;

/** The counter of events, which belongs to job stores, too. */
export const EVENTS = form('carillon_events_total', 'Events published since the job store was created.', [
  'store',
  'type',
]);

/** Metrics of a worker: each worker has its own. */
export const OF_WORKERS = {
  slots: form('carillon_worker_slots', 'Slots of an executor in this worker: taken, or free.', ['executor', 'state']),
} as const;

/** Histograms of runs, in seconds, which belong to a worker, too. */
export const OF_RUNS = {
  lateness: form('carillon_start_lateness_seconds', 'How late first attempts began after their fire times were due.', [
    'store',
    'executor',
    'task',
  ]),
  queueWait: form('carillon_queue_wait_seconds', 'How long runs waited in their queue until they began.', [
    'store',
    'executor',
    'task',
  ]),
  duration: form('carillon_run_duration_seconds', 'How long executions took.', [
    'store',
    'executor',
    'task',
    'outcome',
  ]),
} as const;

function form<const Label extends string>(name: string, help: string, labels: readonly Label[]) {
  return { name, help, labels } as const satisfies MetricForm;
}
