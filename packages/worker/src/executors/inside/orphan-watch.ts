import { workerData } from 'node:worker_threads';

/**
 * A thread that ends its child process once the worker is gone, even while a task keeps the event loop busy. An orphaned process has
 * another parent process id.
 */
const WATCH_MS = 500;

setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, WATCH_MS);
