export { type RunTaskOptions, runTask } from './run-task.js';
