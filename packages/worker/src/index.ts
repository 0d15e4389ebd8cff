export { type CurrentRun, currentRun } from './current-run.js';
export type { ExecutorKind } from './executors/task-runner.js';
export type { ExecutorOptions, WorkerOptions, WorkerSettings } from './options.js';
export { type LoadedTasks, loadTasks } from './task-file.js';
export { Worker, type WorkerHealth } from './worker.js';
