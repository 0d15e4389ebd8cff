export type { CountedCode, FireBucket, FireCount } from './account/counts/buckets.js';
export type { FireCounts } from './account/counts/fire-counts.js';
export type { ZoneClockChange } from './account/counts/zone-clock.js';
export type {
  AgainEvidence,
  Cause,
  ClockChangeEvidence,
  DeedEvidence,
  Evidence,
  ExplainCode,
  Explanation,
  FireRef,
  Lateness,
  RevisionEvidence,
  RunEvidence,
} from './account/explain/explanation.js';
export type { RunExplanation } from './account/explain/run-explanation.js';
export type { ChangedMember, RecordedJobChange } from './account/job-changes.js';
export type { AuditFinding, AuditReport } from './account/read/auditor.js';
export type { RecentOutcome } from './account/recent.js';
export type { FireOutcome } from './account/recorded.js';
export type { RecordedPause, RecordedService, RecordedTerm, StoreHistory } from './account/store-history.js';
export type { By } from './by.js';
export type { ArgumentsContract, Contracts } from './contract/published.js';
export type { Diagnosis } from './doctor/diagnosis.js';
export type { Finding, FindingCode } from './doctor/finding.js';
export type { Duration } from './duration.js';
export * from './errors.js';
export type * from './event/events.js';
export type { ErrorInfo } from './event/outcome.js';
export type { JobIndexSize } from './finding/job-index.js';
export type { ExecutorForecast, Forecast, WorstStep } from './forecast/forecast.js';
export type { NamedJob } from './forecast/tally.js';
export type { JobFilter } from './job/filter.js';
export type { LastRun } from './job/last-run.js';
export type { LastSuccess } from './job/last-success.js';
export type { Backoff, RetryPolicy } from './job/retry.js';
export type {
  Account,
  BackoffOptions,
  ExecutionPolicy,
  History,
  JobChanges,
  JobChangesOf,
  JobOptions,
  JobPolicy,
  JobSpec,
  JobSpecOf,
  Retry,
} from './job/spec.js';
export type { JsonObject, JsonPrimitive, JsonValue } from './json.js';
export type { JobStateName, LastOutcomeName } from './ports/job-match.js';
export type { Overlap } from './ports/ledger.js';
export type { StoreCounts } from './ports/store-look.js';
export type {
  MeasuredCounts,
  MeasuredExecutor,
  MeasuredJob,
  MeasureParams,
  StoreMeasure,
} from './ports/store-measure.js';
export type { RedisCluster, RedisOptions, RedisSentinels, RedisServer } from './redis/options.js';
export type { Execution, LiveRunInfo, Run, SettledRunInfo } from './run/run.js';
export type {
  AuditOptions,
  CountFiresOptions,
  ExplainPeriod,
  ExplanationPage,
  OutcomesOfJob,
} from './scheduler/account-client.js';
export type { BulkOutcome, BulkRefusal } from './scheduler/bulk.js';
export type { BulkOptions, BulkRemoveOptions } from './scheduler/bulk-options.js';
export type { AddOptions, ChangeOptions, JobChangeOptions, RemoveOptions } from './scheduler/change-options.js';
export type { DiagnoseOptions } from './scheduler/diagnose-options.js';
export type { EventList, EventsFilter } from './scheduler/event-pages.js';
export type { ForecastOptions } from './scheduler/forecaster.js';
export type {
  FormatReader,
  InspectedQueue,
  InspectedRun,
  InspectedWorker,
  JobStoreInspection,
  QuarantinedEntry,
} from './scheduler/inspection.js';
export type { Job } from './scheduler/job.js';
export type { JobList, ListOptions, QuarantineOptions } from './scheduler/list-options.js';
export type { Listener, Subscription } from './scheduler/listeners.js';
export type { ListenOptions } from './scheduler/log-listeners.js';
export type {
  CommonOptions,
  JobStoreOptions,
  Place,
  SchedulerOptions,
  SchedulerSettings,
} from './scheduler/options.js';
export type { QuarantinedRecord } from './scheduler/quarantine.js';
export type { RetriedRuns, RetryFilter, RetryOptions, RetryPreview } from './scheduler/retry-options.js';
export type { Cancelled, ResultOptions, RunHandle } from './scheduler/run-handle.js';
export type { Dedupe, EnqueueOptions, GetResultOptions, RunJobOptions } from './scheduler/run-options.js';
export type { RunList, RunOutcome, RunsFilter, RunsOptions } from './scheduler/runs-filter.js';
export { Scheduler } from './scheduler/scheduler.js';
export type { StoreChoice } from './scheduler/store-choice.js';
export type { TaskRun, TaskScheduler } from './scheduler/task-scheduler.js';
export type { UnservedExecutor, UnservedReason } from './scheduler/unserved.js';
export type {
  JsonCannotCarry,
  JsonResult,
  JsonSafe,
  TaskFunction,
  TaskMap,
  TaskName,
  TaskResult,
  UntypedTasks,
} from './tasks.js';
export type {
  BegunExecution,
  EndedExecution,
  ExecutionSpan,
  ObservedExecution,
  ObservedFire,
  ProducedCall,
  ProducedOperation,
  ProducerSpan,
  Telemetry,
  WatchedClient,
  WatchedPart,
  WatchedSlots,
  WatchedStore,
  WatchedWorker,
} from './telemetry/telemetry.js';
export type { TraceContext } from './telemetry/trace.js';
export {
  type AndTrigger,
  and,
  type CalendarIntervalOptions,
  type CalendarIntervalTrigger,
  type ClockChange,
  type CompiledTrigger,
  type CompileOptions,
  type CronField,
  type CronFieldOptions,
  type CronFields,
  type CronFieldsTrigger,
  type CronOptions,
  type CronTrigger,
  type CrontabTrigger,
  calendarInterval,
  compileTrigger,
  cron,
  type DateTrigger,
  type DaylightSaving,
  type DescribeOptions,
  date,
  describeTrigger,
  type IntervalOptions,
  type IntervalTrigger,
  interval,
  type OrTrigger,
  or,
  type Preview,
  type PreviewOptions,
  preview,
  type Trigger,
  triggerText,
} from './trigger/index.js';
