import type { LookedQueue, LookedRun, StoreLook } from '@carillon/core/internal';
import { z } from 'zod';
import type { Reply } from './scripts.js';

/** Reads a job store from what the script `inspect` returns. */
export function readStoreLook(reply: Reply): StoreLook {
  const now = reply.number();
  const [format, lowest] = [reply.number(), reply.number()];
  const readers = Array.from({ length: reply.number() }, () => ({ member: reply.text(), reads: reply.numberOrNull() }));
  const store = readStore(reply, now);
  const workers = readWorkers(reply);
  const runs = Array.from({ length: reply.number() }, () => ({
    runId: reply.text(),
    executor: reply.text(),
    ...labelOf(reply.text()),
    state: reply.oneOfOrNull('waiting', 'scheduled', 'undelivered', 'queued', 'running', 'retrying'),
    dueAt: reply.numberOrNull(),
    starts: reply.numberOrNull(),
    maxInstances: reply.numberOrNull(),
  }));
  const queues = Array.from({ length: reply.number() }, () => readQueue(reply));
  const quarantined: { readonly id: string; readonly json: string }[] = [];
  while (!reply.ended) quarantined.push({ id: reply.text(), json: reply.text() });
  return { now, format: { format, lowest }, readers, ...store, workers, runs, queues, quarantined };
}

/** Reads what `addStore` of `lua/lib/look.lua` has added to a reply. */
export function readStore(
  reply: Reply,
  now: number,
): Pick<StoreLook, 'ledUntil' | 'epoch' | 'paused' | 'counts' | 'nextDueAt' | 'outboxAt'> {
  const heldMs = reply.number();
  const ledUntil = heldMs >= 0 ? now + heldMs : null;
  const epoch = reply.numberOrNull();
  const paused = reply.number() === 1;
  const counts = {
    jobs: reply.number(),
    schedule: reply.number(),
    outbox: reply.number(),
    runs: reply.number(),
    leases: reply.number(),
    quarantine: reply.number(),
  };
  return { ledUntil, epoch, paused, counts, nextDueAt: reply.instantOrNull(), outboxAt: reply.instantOrNull() };
}

/** Reads how many workers there are, and what each has shown. */
export function readWorkers(reply: Reply): StoreLook['workers'] {
  const all = Array.from({ length: reply.number() }, () => ({
    workerId: reply.text(),
    heardAt: Number(reply.text()),
    json: reply.textOrNull(),
  }));
  // If its instant is infinite, it is not a worker: another program wrote it.
  return all.filter(({ heardAt }) => Number.isFinite(heardAt));
}

/** Returns the job and the task of a run, from its label: the members that all its events have. */
function labelOf(label: string): Pick<LookedRun, 'jobId' | 'task'> {
  try {
    return labelSchema.parse(JSON.parse(`{${label}}`));
  } catch {
    return { jobId: null, task: null };
  }
}

const labelSchema = z.object({ jobId: z.string().nullable(), task: z.string() });

function readQueue(reply: Reply): LookedQueue {
  const [executor, globalConcurrency, taken] = [reply.text(), reply.numberOrNull(), reply.number()];
  const [max, durationMs, limitedForMs] = [reply.numberOrNull(), reply.numberOrNull(), reply.number()];
  const rateLimit = max === null ? null : { max, durationMs: durationMs ?? 0 };
  return { executor, globalConcurrency, taken, rateLimit, limitedForMs };
}
