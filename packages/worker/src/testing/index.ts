export type { GivenScheduler } from './given-scheduler.js';
export { type RunTaskOptions, runTask } from './run-task.js';
