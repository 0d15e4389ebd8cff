import { openSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { currentRun } from '@carillon/worker';

/**
 * Returns tasks that record each of their calls in a file of this process, which Carillon does not know: a line when it begins and
 * one when it ends. They ignore their signal, like code that cannot be stopped.
 * @param {string} journal
 */
export function recordingTasks(journal) {
  const file = openSync(journal, 'a');
  const write = (line) => writeSync(file, `${JSON.stringify({ pid: process.pid, at: Date.now(), ...line })}\n`);
  noteStalls((ms) => write({ what: 'stalled', ms }));
  let calls = 0;
  const recorded = (work) =>
    async function task(...args) {
      const { runId, executionId, jobId, scheduledRunTime, attempt } = currentRun();
      const call = ++calls;
      write({ what: 'began', call, runId, executionId, jobId, fireTime: scheduledRunTime.getTime(), attempt });
      try {
        return await work(...args);
      } finally {
        write({ what: 'ended', call });
      }
    };
  const fail = () => {
    throw new Error('this task fails on purpose');
  };
  return {
    'chaos.work': recorded((ms) => delay(ms)),
    'chaos.fail': recorded((ms) => delay(ms).then(fail)),
    /** Fails at the first attempt. */
    'chaos.flaky': recorded((ms) => {
      const { attempt } = currentRun();
      return attempt === 1 ? delay(ms).then(fail) : delay(ms);
    }),
  };
}

const LOOK_MS = 50;

/** Reports how long this process stalled, as on a machine with too much to do: other processes saw it as stopped. */
function noteStalls(tell) {
  let last = performance.now();
  setInterval(() => {
    const ms = Math.round(performance.now() - last) - LOOK_MS;
    last = performance.now();
    if (ms > 4 * LOOK_MS) tell(ms);
  }, LOOK_MS).unref();
}
