import { FormatTooNewError, FormatTooOldError, type Job, Scheduler, type UntypedTasks } from '@carillon/core';
// The one thing that no public name tells: how the server is set up.
import { RedisBackend } from '@carillon/core/internal';
import { ClientLog } from '../client-log.js';
import type { Io } from '../io.js';
import { allJobs } from '../jobs/pages.js';
import { type PlaceOptions, placeOf } from '../options/place.js';
import { type Facts, Needs, type StoreFacts, type Usual } from './facts.js';
import { seconds } from './finding.js';

/** Looking at more jobs than this would take minutes. */
const MOST_JOBS = 100_000;

/** Asks the server, and every job store that is known or was named. @throws ConnectionError */
export async function readFacts(io: Io, options: PlaceOptions): Promise<Facts> {
  const { redis, prefix } = placeOf(options, io.env);
  const backend = new RedisBackend({ redis, prefix, report: () => {}, fail: 'fast' });
  try {
    const server = await backend.serverFacts();
    if (isTooOld(server)) return { server, stores: [], notRead: [] };
    const known = await backend.knownJobStores();
    const stores: StoreFacts[] = [];
    const notRead: { jobStore: string; why: string }[] = [];
    for (const alias of options.jobStore ?? (known.length > 0 ? known : ['default'])) {
      try {
        stores.push(await readStore(io, options, alias, known.includes(alias)));
      } catch (error) {
        if (!(error instanceof FormatTooNewError || error instanceof FormatTooOldError)) throw error;
        notRead.push({ jobStore: alias, why: error.message });
      }
    }
    return { server, stores, notRead };
  } finally {
    await backend.close();
  }
}

/** Redis 7.0 is the first whose scripts say what they do; every Valkey is newer. */
export function isTooOld({ version, server }: Facts['server']): boolean {
  return server === 'redis' && Number.parseInt(version, 10) < 7;
}

async function readStore(io: Io, options: PlaceOptions, jobStore: string, known: boolean): Promise<StoreFacts> {
  const log = new ClientLog(io);
  const { logger } = log;
  await using scheduler = new Scheduler({ ...placeOf(options, io.env), jobStores: [jobStore], logger });
  const inspection = await scheduler.inspect({ jobStore });
  const needs = new Needs();
  const withRuns = new Set(inspection.runs.map(({ jobId }) => jobId));
  const usual = new Map<string, Usual>();
  let looked = 0;
  for await (const job of allJobs({ scheduler, choice: { jobStore } })) {
    const { id, task, executor } = job;
    needs.add(task, executor, id);
    const its = withRuns.has(id) ? usualOf(job) : undefined;
    if (its) usual.set(id, its);
    looked += 1;
    if (looked === MOST_JOBS) break;
  }
  for (const { runId, jobId, task, executor } of inspection.runs) {
    if (task !== null && executor !== null) needs.add(task, executor, jobId ?? runId);
  }
  return { inspection, known, looked, unreadable: log.unreadable, usual, needs: needs.all };
}

function usualOf(job: Job<UntypedTasks>): Usual | undefined {
  const { lastRun } = job;
  if (lastRun) {
    const ms = lastRun.settledAt.getTime() - lastRun.scheduledRunTime.getTime();
    return { ms, inWords: `the last one took ${seconds(ms)}` };
  }
  const [first, second] = job.preview({ count: 2 }).fireTimes;
  if (!first || !second) return undefined;
  const ms = second.getTime() - first.getTime();
  return { ms, inWords: `it fires each ${seconds(ms)}` };
}
