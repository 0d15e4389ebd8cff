export { type CurrentRun, currentRun } from './current-run.js';
export type { ExecutorOptions, WorkerOptions, WorkerSettings } from './options.js';
export { Worker, type WorkerHealth } from './worker.js';
