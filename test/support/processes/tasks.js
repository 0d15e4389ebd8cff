import { appendFileSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { currentRun } from '@carillon/worker';

/** Executions that are held until the test releases them. @type {Map<string, () => void>} */
const held = new Map();

/** @param {string} executionId */
export function release(executionId) {
  held.get(executionId)?.();
}

/**
 * Tasks that write to a file that Carillon does not know of: a line when a call begins and one when it ends. They ignore
 * their signal, like code that cannot be stopped.
 * @param {string} journal a file that all workers append to
 * @param {() => string} workerId
 */
export function recordingTasks(journal, workerId) {
  const file = openSync(journal, 'a');
  const recorded = (work) =>
    async function task(...args) {
      const { executionId, jobId, scheduledRunTime, attempt } = currentRun();
      const call = { executionId, jobId, fireTime: scheduledRunTime.getTime(), attempt, workerId: workerId() };
      const write = (what) => appendFileSync(file, `${JSON.stringify({ what, at: Date.now(), ...call })}\n`);
      write('began');
      await work(...args);
      write('ended');
      return call.workerId;
    };
  return {
    'record.now': recorded(() => {}),
    'record.for': recorded((ms) => delay(ms)),
    'record.held': recorded(() => {
      const { executionId } = currentRun();
      return new Promise((resolve) => held.set(executionId, resolve));
    }),
    /** Kills its process, but only for one fire time. */
    'record.deadlyAt': recorded((fireTime) => {
      if (currentRun().scheduledRunTime.getTime() === fireTime) process.kill(process.pid, 'SIGKILL');
    }),
  };
}
