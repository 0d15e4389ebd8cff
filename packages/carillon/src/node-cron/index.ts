import { NodeCron } from './node-cron.js';

export type {
  Execution,
  LastRun,
  ScheduledTask,
  SkipReason,
  TaskContext,
  TaskEvent,
  TaskFn,
  TaskListener,
} from './context.js';
export type { FieldName, ParsedFields } from './fields.js';
export type { Logger } from './logger.js';
export type { RunCoordinator, TaskOptions } from './options.js';
export type { CronFieldError, DetailedValidation } from './pattern.js';
export type { NodeCronSettings } from './settings.js';
export { solvePath } from './task-file.js';

const nodeCron = new NodeCron();

export const {
  configure,
  createTask,
  getTask,
  getTasks,
  parse,
  schedule,
  setLogger,
  setRunCoordinator,
  shutdown,
  validate,
  validateDetailed,
} = nodeCron;

export type { NodeCron } from './node-cron.js';
export { nodeCron, nodeCron as default };
