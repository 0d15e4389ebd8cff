import { contractsIn } from '../contract/contract-client.js';
import { callsOf } from '../contract/owed-calls.js';
import { type Facts, Needs, Refusals, type StoreFacts, type Usual } from '../doctor/facts.js';
import { isTooOld } from '../doctor/server-findings.js';
import { lengthText } from '../duration-text.js';
import { FormatTooNewError, FormatTooOldError } from '../errors.js';
import { decodeLastRun } from '../job/last-run.js';
import { compileJob } from '../job/limit.js';
import { isFault } from '../job/record.js';
import type { Backend } from '../ports/backend.js';
import type { JobStore } from '../ports/job-store.js';
import { INSPECTED, inspectionOf } from './inspection.js';
import { type JobState, stateOf } from './job-state.js';

const PAGE = 1_000;

/** Reads what findings are made from, and writes nothing. */
export class Diagnostician {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** @param mostJobs at how many jobs of each job store it looks. @throws ConnectionError */
  async facts(stores: readonly JobStore[], mostJobs: number): Promise<Facts> {
    const server = (await this.#backend.serverFacts?.()) ?? null;
    // It would refuse the scripts.
    if (server && isTooOld(server)) return { server, stores: [], notRead: [] };
    const known = (await this.#backend.knownJobStores?.()) ?? null;
    const read: StoreFacts[] = [];
    const notRead: { jobStore: string; why: string }[] = [];
    for (const store of stores) {
      try {
        read.push(await factsOf(store, known?.includes(store.alias) ?? true, mostJobs));
      } catch (error) {
        if (!(error instanceof FormatTooNewError || error instanceof FormatTooOldError)) throw error;
        notRead.push({ jobStore: store.alias, why: error.message });
      }
    }
    return { server, stores: read, notRead };
  }
}

async function factsOf({ alias, records }: JobStore, known: boolean, mostJobs: number): Promise<StoreFacts> {
  const look = await records.inspect(INSPECTED);
  const inspection = inspectionOf(alias, look);
  const refusals = new Refusals((await contractsIn(look)).known);
  const needs = new Needs();
  const withRuns = new Set(inspection.runs.map(({ jobId }) => jobId));
  const usual = new Map<string, Usual>();
  const seen = new Set<string>();
  const unreadable = new Set<string>();
  const newer = new Set<string>();
  let firstDue: number | null = null;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof records.list>> = await records.list({
      limit: Math.min(PAGE, mostJobs - seen.size),
      cursor,
    });
    for (const stored of page.jobs) {
      const job = stateOf(alias, stored);
      const isNewer = isFault(job) && job.newer;
      if (!isNewer) firstDue ??= job.pending?.dueAt ?? null;
      if (isFault(job)) {
        (isNewer ? newer : unreadable).add(job.id);
        continue;
      }
      seen.add(job.id);
      needs.add(job.definition.task, job.definition.executor, job.id);
      refusals.look(job.definition, job.id);
      const its = withRuns.has(job.id) ? usualOf(job, page.now) : undefined;
      if (its) usual.set(job.id, its);
    }
    cursor = page.cursor;
  } while (cursor !== null && seen.size < mostJobs);
  for (const { runId, jobId, task, executor } of inspection.runs) {
    if (task !== null && executor !== null) needs.add(task, executor, jobId ?? runId);
  }
  if (inspection.workers.some(({ contracts }) => Object.keys(contracts).length > 0)) {
    const owed = inspection.runs.map(({ runId }) => runId);
    for await (const { runId, jobId, call } of callsOf(records, owed)) refusals.look(call, jobId ?? runId);
  }
  const counts = { looked: seen.size, unreadable: unreadable.size, newer: newer.size };
  const first = firstDue === null ? null : new Date(firstDue);
  return { inspection, known, ...counts, firstDue: first, usual, needs: needs.all, refused: refusals.all };
}

function usualOf({ id, last, definition }: JobState, now: number): Usual | undefined {
  const lastRun = decodeLastRun(last);
  if (lastRun) {
    const ms = lastRun.settledAt.getTime() - lastRun.scheduledRunTime.getTime();
    return { ms, inWords: `the last one took ${lengthText(ms)}` };
  }
  const compiled = compileJob(id, definition);
  const first = compiled.nextMs(now);
  const second = first === null ? null : compiled.nextMs(first);
  if (first === null || second === null) return undefined;
  return { ms: second - first, inWords: `it fires each ${lengthText(second - first)}` };
}
