import { setTimeout as delay } from 'node:timers/promises';
import { currentRun } from '@carillon/worker';

/**
 * Plain functions, which write down each of their calls.
 * @param {(call: import('./journal.js').Call) => void} write
 * @param {string} worker
 */
export function demoTasks(write, worker) {
  const recorded = (task) =>
    async function recordedTask(...args) {
      const { jobId, scheduledRunTime } = currentRun();
      const began = Date.now();
      const done = (outcome) =>
        write({ jobId, fireTime: scheduledRunTime.getTime(), outcome, began, ended: Date.now(), worker });
      try {
        await task(...args);
      } catch (error) {
        done('failed');
        throw error;
      }
      done('executed');
    };
  return {
    greet: recorded(() => {}),
    work: recorded((ms = 0) => delay(ms)),
    fail: recorded((why) => {
      throw new Error(why);
    }),
  };
}
