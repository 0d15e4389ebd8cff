// Tasks that note what they do, without Carillon, in executors of every kind: on the event loop, in a thread, in a child process.
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { currentRun } from '@carillon/worker';

class OrderError extends Error {
  name = 'OrderError';
  code = 'ORDER_CLOSED';
}

// Threads and child processes have the environment of their worker.
const journal = () => process.env.CARILLON_TEST_JOURNAL ?? '';

function note(what, run, more) {
  const { executionId, jobId, jobStore, scheduledRunTime, attempt } = run;
  const call = { executionId, jobId, jobStore, fireTime: scheduledRunTime.getTime(), attempt };
  const place = { workerId: process.env.CARILLON_TEST_WORKER, pid: process.pid };
  appendFileSync(journal(), `${JSON.stringify({ what, at: Date.now(), ...call, ...place, ...more })}\n`);
}

/** Resolves once the test has opened a gate, or the signal is aborted. */
async function pass(gate, signal) {
  while (!existsSync(`${journal()}.${gate}`) && !signal?.aborted) await delay(10);
}

/** Notes when the run's signal is aborted, and with what. */
function noteAbort(run) {
  const { signal } = run;
  const reported = () => note('aborted', run, { reason: { name: signal.reason.name, code: signal.reason.code } });
  if (signal.aborted) reported();
  else signal.addEventListener('abort', reported, { once: true });
}

const noted = (work) =>
  async function task(...args) {
    const run = currentRun();
    note('began', run);
    noteAbort(run);
    try {
      return await work(...args);
    } finally {
      note('ended', run);
    }
  };

export const tasks = {
  'note.for': noted(async (ms) => {
    await delay(ms);
    return process.env.CARILLON_TEST_WORKER;
  }),
  /** Ignores its signal. */
  'note.until': noted(async (gate) => {
    await pass(gate);
    return process.env.CARILLON_TEST_WORKER;
  }),
  /** Ignores its signal, too; each attempt has its own gate. */
  'note.attempt': noted(async () => {
    await pass(`attempt-${currentRun().attempt}`);
    return process.env.CARILLON_TEST_WORKER;
  }),
  'note.obey': noted(async (gate) => {
    const { signal } = currentRun();
    await pass(gate, signal);
    signal.throwIfAborted();
    return process.env.CARILLON_TEST_WORKER;
  }),
  /** Takes `ms`, but obeys its signal. */
  'note.obeyFor': noted((ms) => delay(ms, process.env.CARILLON_TEST_WORKER, { signal: currentRun().signal })),
  /** Keeps its thread or process busy forever at the first attempts. */
  'note.busyAt': noted((attempts) => {
    while (currentRun().attempt <= attempts);
    return currentRun().attempt;
  }),
  /** Throws at the first attempts, each after `ms`. At attempt `waitAt` it waits for a gate instead. */
  'note.failAt': noted(async (attempts, ms = 0, waitAt = 0) => {
    const { attempt } = currentRun();
    if (attempt === waitAt) await pass(`attempt-${attempt}`);
    else await delay(ms);
    if (attempt <= attempts) throw new OrderError(`attempt ${attempt} fails`);
    return attempt;
  }),
  /** Reports its progress, gate by gate. */
  'note.progress': noted(async (gates) => {
    for (const [index, gate] of gates.entries()) {
      currentRun().progress({ done: index, of: gates.length });
      await pass(gate);
    }
    return gates.length;
  }),
  'note.large': noted((length) => delay(100, 'x'.repeat(length))),
};
