import { workerData } from 'node:worker_threads';

/**
 * A thread of a child process that ends it once its worker is gone, also where a task keeps its event loop busy: nothing else would. An
 * orphan has another parent, whichever takes it in.
 */
const WATCH_MS = 500;

setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, WATCH_MS);
