import type { MeasuredJob, StoreMeasure } from '@carillon/core';
import type { Reply } from './scripts.js';
import { readStore, readWorkers } from './store-look.js';

/** Reads a job store from what the script `measure` returns. */
export function readStoreMeasure(reply: Reply): StoreMeasure {
  const now = reply.number();
  const { ledUntil, counts, ...store } = readStore(reply, now);
  const isLed = ledUntil !== null;
  const waiting = reply.number();
  const events = pairs(reply).flatMap(([type, count]) => (/^\d+$/.test(count) ? { type, count: Number(count) } : []));
  const coordinators = pairs(reply).flatMap(([id, showing]) =>
    coordinatorOf(id, showing, now, isLed ? store.epoch : null),
  );
  const workers = readWorkers(reply);
  const executors = Array.from({ length: reply.number() }, () => ({
    executor: reply.text(),
    waiting: reply.number(),
    taken: reply.number(),
    oldestAt: reply.numberOrNull(),
  }));
  const metered = reply.number();
  const jobs: MeasuredJob[] = [];
  while (!reply.ended) jobs.push(readJob(reply));
  const common = { now, isLed, ...store, counts: { ...counts, waiting } };
  return { ...common, events, coordinators, workers, executors, metered, jobs };
}

function pairs(reply: Reply): (readonly [string, string])[] {
  return Array.from({ length: reply.number() }, () => [reply.text(), reply.text()] as const);
}

/** Reads a coordinator from what it showed last. One that was silent for too long does not count any more. */
function coordinatorOf(coordinatorId: string, showing: string, now: number, term: number | null) {
  const [, aliveUntil, epoch] = /^(\d+) \d+ \d+ (\d*)$/.exec(showing) ?? [];
  if (aliveUntil === undefined || Number(aliveUntil) <= now) return [];
  return [{ coordinatorId, leads: term !== null && epoch === String(term) }];
}

function readJob(reply: Reply): MeasuredJob {
  const id = reply.text();
  const [dueAt, fireTime, last] = [reply.numberOrNull(), reply.numberOrNull(), reply.textOrNull()];
  return { id, nextFireTime: dueAt === null ? null : (fireTime ?? dueAt), last };
}
