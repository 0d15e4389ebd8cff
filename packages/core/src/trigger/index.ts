export { compileTrigger } from './compile.js';
export type { CompiledTrigger, CompileOptions } from './compiled-trigger.js';
export { type CronOptions, type CronTrigger, cron } from './cron.js';
export { type DateTrigger, date } from './date.js';
export type { DaylightSaving } from './daylight-saving.js';
export { triggerDigest, triggerZone } from './digest.js';
export { newestFireTimes } from './fires.js';
export { type IntervalOptions, type IntervalTrigger, interval } from './interval.js';
export { type Trigger, triggerSchema } from './trigger.js';
