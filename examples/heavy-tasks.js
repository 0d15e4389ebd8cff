// A task module for executors of any kind: plain functions by name, as for `carillon worker --tasks`.
import { threadId } from 'node:worker_threads';
import { currentRun } from '@carillon/worker';

export const tasks = {
  /** How many primes there are below a number, and where that was computed. */
  'primes.count': (below) => {
    let count = 0;
    for (let number = 2; number < below; number++) if (isPrime(number)) count++;
    return { count, where: threadId > 0 ? 'a thread' : `process ${process.pid}` };
  },
  /** As native code that crashes does, or the kernel where memory runs out. */
  'process.die': () => process.kill(process.pid, 'SIGKILL'),
  'loop.forever': () => {
    currentRun().logger.info('going round');
    for (;;);
  },
  /** Stops when its signal is aborted. */
  'queue.watch': async () => {
    const { signal } = currentRun();
    while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 20));
    throw signal.reason;
  },
};

function isPrime(number) {
  for (let factor = 2; factor * factor <= number; factor++) if (number % factor === 0) return false;
  return true;
}
