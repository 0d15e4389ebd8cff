export { Scheduler, type TaskMap, type UntypedTasks } from '@carillon/core';
export { type CurrentRun, currentRun } from '@carillon/worker';
export { CronExpression } from './cron-expression.js';
export type { CronOptions, Instant, ScheduleOptions, TaskSchema } from './declared.js';
export { Cron, Interval, type SchemaMethodDecorator, Task, Timeout } from './decorators.js';
export type { CarillonHealth } from './health.js';
export { CarillonHealthIndicator, type CarillonHealthResult } from './health-indicator.js';
export {
  CarillonModule,
  CarillonModule as ScheduleModule,
  type CarillonModuleAsyncOptions,
  type CarillonOptionsFactory,
} from './module.js';
export type { CarillonModuleOptions, Role } from './options.js';
