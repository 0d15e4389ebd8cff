/** For Carillon's own packages: no promise is made about any of this. */

export { Alarm } from './alarm.js';
export { type AskedBy, BY_OPTIONS, checkBy } from './by.js';
export { argumentPath } from './contract/argument-path.js';
export { ContractMemory } from './contract/contract-client.js';
export { callsOf } from './contract/owed-calls.js';
export { type BoundedContracts, boundedContracts } from './contract/published.js';
export { counted, ofNumber } from './counted.js';
export { defaultLogger, sharedLogger } from './default-logger.js';
export { takesRuns } from './doctor/serves-less.js';
export { isAlive } from './doctor/worker-findings.js';
export { timerMilliseconds as timerMs, toMilliseconds as durationMs } from './duration.js';
export { durationInUnit, lengthText } from './duration-text.js';
export { draft, members, moreMembers } from './event/draft.js';
export type { EventType } from './event/events.js';
export type { ErrorInfo } from './event/outcome.js';
export { errorInfo, WORKER_LOST } from './event/outcome.js';
export { labelText, settlementText } from './event/run-texts.js';
export { checkEventTypes, parseEvent } from './event/schema.js';
export { FORMATS, type Formats, WORKER_ALIVE_MS } from './format.js';
export type { Happening } from './happening.js';
export type { AccountLimits } from './job/account-limits.js';
export { checkAlias, checkPolicy } from './job/checks.js';
export type { JobDefinition } from './job/definition.js';
export { runIdOf } from './job/definition.js';
export { type ReadBy, ROWS as jobFields, type Row as JobFieldRow } from './job/field-values.js';
export type { JOB_FIELDS } from './job/fields.js';
export { tracesOf } from './job/filter.js';
export { decodeLastRun } from './job/last-run.js';
export { lastSuccessOf } from './job/last-success.js';
export { compileJob } from './job/limit.js';
export { MAX_CATCH_UP, missedInBacklog } from './job/missed.js';
export { openStretches } from './job/open-stretches.js';
export { encodePayload, payloadFrom, type RunPayload, runPayloadSchema } from './job/payload.js';
export { quarantinedOf } from './job/quarantined.js';
export { decodeJob, decodeJobInSteps, isFault } from './job/record.js';
export { mostRememberedJobs } from './job/remembering.js';
export { nextAttempt, type RetryPolicy, retryDelayMs, type Steering } from './job/retry.js';
export { aliasSchema, argsSchema, kwargsSchema, MAX_PAYLOAD_LENGTH, taskNameSchema } from './job/schemas.js';
export { storedInstant, storedJobOf } from './job/stored-text.js';
export { previousOf, timingOf } from './job/timing.js';
export { TOMBSTONE_LIFE_MS } from './job/tombstone.js';
export { jsonFault } from './json.js';
export { keepTrying } from './keep-trying.js';
export { Lifecycle, type LifecycleStatus } from './lifecycle.js';
export { type Report, reportTo } from './log.js';
export { because, inWords, OutageWatch } from './outage.js';
export { isConnectionFault } from './outage-log/connection-fault.js';
export type { Connection, ConnectionChange } from './outage-log/redis-health.js';
export { PassingMap } from './passing-map.js';
export * from './ports/index.js';
export { addressOf } from './redis/address.js';
export { provideRedis, type RedisBackendOptions, redisBackend } from './redis/door.js';
export {
  canPass,
  LIFE_PATTERNS,
  LIFE_TRANSITIONS,
  type LifeState,
  lifeStateOf,
  type RunTraces,
} from './run/life-table.js';
export {
  decodeBody,
  decodePolicy,
  decodeRun,
  encodeBody,
  encodeState,
  historyText,
  isReadable,
  isState,
  textsOf,
} from './run/record.js';
export { type Serving, servingOf } from './run/serving.js';
export { placesOf, servingWorkers, type TaskPlaces } from './run/task-places.js';
export { inspectedWorkers } from './scheduler/inspection.js';
export { JobStores, type StorePlace } from './scheduler/job-stores.js';
export { type Listener, Listeners, type Subscription } from './scheduler/listeners.js';
export { asksForMemory, isInMemory } from './scheduler/memory-option.js';
export { asOption, checkAliases, checkNames, ownBackend } from './scheduler/options.js';
export { shown } from './shown.js';
export { type Instruments, instrumentsOf } from './telemetry/instruments.js';
export { type DueAndNext, dueInSteps, dueInTurn, fireAfterInSteps } from './trigger/due.js';
export { instantOf } from './trigger/instant.js';
export { dayOf } from './trigger/plain-date.js';
export { soundTrigger } from './trigger/sound.js';
export type { Steps } from './trigger/steps.js';
export { TRIGGER_TYPES } from './trigger/trigger.js';
