import type { JobReading } from '@carillon/core/internal';
import type { TestedStore } from './contract.js';

/** Longer than a leader on Redis trusts a record that it has read. */
const TRUSTED_MS = 60_001;

/** Damages a job if it exists, and returns a reading of all jobs. */
export async function damagedJob(
  contract: TestedStore,
  id: string | null,
  all: readonly string[],
): Promise<JobReading> {
  const { records } = contract.store;
  const [job] = id === null ? [] : (await records.read([id])).jobs;
  if (job && !('why' in job)) {
    await contract.damage('job', job.id);
    // Damage counts as no change: until this time has passed, a leader on Redis may use the old record.
    await contract.pass(TRUSTED_MS);
  }
  return records.read(all);
}

/** Damages a run if it is owed. */
export async function damagedRun(contract: TestedStore, id: string): Promise<boolean> {
  const [reading] = await contract.store.records.runs([id]);
  if (reading?.live) await contract.damage('run', id);
  return reading?.live !== null;
}

/** Inspects a whole store. Runs are sorted: the order of runs and of the quarantine differs between stores. */
export async function looked({ store }: TestedStore) {
  const look = await store.records.inspect({ runs: 1_000, quarantined: 1_000 });
  const quarantined = look.quarantined.map(({ id, json }) => [id, JSON.parse(json)]);
  const runs = look.runs.map((run) => JSON.stringify(run));
  return { ...look, runs: runs.sort(), quarantined: Object.fromEntries(quarantined) };
}

/** Lists the jobs of all pages, with paused jobs sorted: page sizes and the order of paused jobs differ between stores. */
export async function listed({ store }: TestedStore, limit: number) {
  const jobs: { readonly id: string; readonly pending: unknown }[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.records.list({ limit, cursor });
    jobs.push(...page.jobs);
    cursor = page.cursor;
  } while (cursor !== null);
  const scheduled = jobs.filter(({ pending }) => pending !== null);
  const paused = jobs.filter(({ pending }) => pending === null);
  return [...scheduled, ...paused.sort((one, other) => (one.id < other.id ? -1 : 1))];
}

/** Lists the owed runs of a job, sorted: their order and pages differ between stores. */
export async function liveRuns({ store }: TestedStore, jobId: string): Promise<string[]> {
  const found: string[] = [];
  let cursor = '0';
  do {
    const page = await store.records.liveRuns({ jobId, cursor });
    found.push(...page.runIds);
    cursor = page.cursor;
  } while (cursor !== '0');
  return found.sort();
}

/** Lists all suspects, sorted. */
export async function suspected({ store }: TestedStore) {
  const page = await store.terms.suspects({ limit: 200, cursor: '0' });
  const suspects = page.suspects.map(({ runId, deliveryId }) => `${runId} ${deliveryId}`);
  return { cursor: page.cursor, suspects: suspects.sort(), unreadable: [...page.unreadable].sort() };
}

/** Reads all that a store has published, page by page, without the ids: they differ between stores. */
export async function logged({ store }: TestedStore, limit: number) {
  let page = await store.records.events({ after: { before: 0 }, limit });
  const messages: string[] = [];
  const gaps: boolean[] = [];
  while (page.events.length > 0) {
    messages.push(...page.events.map(({ message }) => message));
    gaps.push(page.gap);
    page = await store.records.events({ after: { id: page.events.at(-1)?.id ?? '' }, limit });
  }
  return { messages, gaps };
}
