export type { ArgumentsSchema } from './contract.js';
export { type CurrentRun, currentRun } from './current-run.js';
export type { ExecutorOptions, RateLimit } from './executor-options.js';
export type { WorkerOptions, WorkerSettings } from './options.js';
export { type SchemaTask, type TaskDefinition, task } from './schema-task.js';
export { type LoadedTasks, type LoadOptions, loadTasks, type TaskModule } from './task-file.js';
export { Worker, type WorkerHealth } from './worker.js';
