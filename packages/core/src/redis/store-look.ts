import type { StoreLook } from '../ports/store-look.js';
import type { Reply } from './scripts.js';

/** A job store from what the script `inspect` tells of it. */
export function readStoreLook(reply: Reply): StoreLook {
  const now = reply.number();
  const heldMs = reply.number();
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
  const nextDueAt = reply.numberOrNull();
  const outboxAt = reply.numberOrNull();
  const workers = Array.from({ length: reply.number() }, () => ({
    workerId: reply.text(),
    heardAt: reply.number(),
    json: reply.textOrNull(),
  }));
  const runs = Array.from({ length: reply.number() }, () => ({
    runId: reply.text(),
    executor: reply.text(),
    label: reply.text(),
  }));
  const quarantined: { readonly id: string; readonly json: string }[] = [];
  while (!reply.ended) quarantined.push({ id: reply.text(), json: reply.text() });
  const ledUntil = heldMs >= 0 ? now + heldMs : null;
  return { now, ledUntil, epoch, paused, counts, nextDueAt, outboxAt, workers, runs, quarantined };
}
