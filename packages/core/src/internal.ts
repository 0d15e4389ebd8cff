/** For Carillon's own packages: no promise is made about any of this. */

export { Alarm } from './alarm.js';
export { toMilliseconds as durationMs } from './duration.js';
export { draft, members } from './event/draft.js';
export type { EventType } from './event/events.js';
export type { ErrorInfo } from './event/outcome.js';
export { errorInfo } from './event/outcome.js';
export { checkEventTypes } from './event/schema.js';
export { aliasSchema, argsSchema, checkAlias, kwargsSchema, MAX_PAYLOAD_LENGTH, taskNameSchema } from './job/checks.js';
export { runIdOf } from './job/definition.js';
export { payloadOf, type RunPayload, runPayloadSchema } from './job/payload.js';
export { decodeJob, type ReadableJob } from './job/record.js';
export { type RetryPolicy, retryDelayMs } from './job/retry.js';
export { runLabel, submissionOf } from './job/run-now.js';
export { jsonFault } from './json.js';
export { keepTrying } from './keep-trying.js';
export { defaultLogger, type Happening, type Report, reportTo } from './log.js';
export * from './ports/index.js';
export { RedisBackend, type RedisBackendOptions } from './redis/backend.js';
export { closeConnection, type RedisClient } from './redis/connection.js';
export { RedisFullError } from './redis/full-error.js';
export type { Keys } from './redis/keys.js';
export { ScriptError } from './redis/script-error.js';
export type { ServerFacts } from './redis/server-facts.js';
export { type Listener, Listeners, type Subscription } from './scheduler/listeners.js';
export { checkAliases, checkNames, ownBackend, placeOf } from './scheduler/options.js';
export { Stores } from './scheduler/stores.js';
export { dueFires, fireAfter } from './trigger/due.js';
