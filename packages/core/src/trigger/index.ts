export {
  type CalendarIntervalOptions,
  type CalendarIntervalTrigger,
  calendarInterval,
} from './calendar-interval.js';
export type { ClockChange } from './clock-changes.js';
export { checkTrigger, compileTrigger } from './compile.js';
export type { CompiledTrigger, CompileOptions } from './compiled-trigger.js';
export { and, or } from './composite.js';
export {
  type CronFieldOptions,
  type CronFieldsTrigger,
  type CronOptions,
  type CronTrigger,
  type CrontabTrigger,
  cron,
} from './cron.js';
export type { CronField, CronFields } from './cron-fields.js';
export { type DateTrigger, date } from './date.js';
export type { DaylightSaving } from './daylight-saving.js';
export { type DescribeOptions, describeTrigger } from './describe.js';
export { forJob, triggerDigest, triggerZone, usesAnchor, usesId } from './digest.js';
export { newestFireTimes } from './fires.js';
export { type IntervalOptions, type IntervalTrigger, interval } from './interval.js';
export { type Preview, type PreviewOptions, preview } from './preview.js';
export { triggerText } from './text.js';
export { type AndTrigger, type OrTrigger, type Trigger, triggerSchema } from './trigger.js';
