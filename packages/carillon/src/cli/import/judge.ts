import { isDeepStrictEqual } from 'node:util';
import { CarillonError, type Job, Scheduler, UnreadableJobError, type UntypedTasks } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { type Carried, changed, type Entry, isCarried, type NotCarried, type Note } from '../../import/entry.js';
import type { Client } from '../client.js';
import { refusalOf } from '../jobs/import-arguments.js';
import { lineOf } from '../jobs/line.js';

type AnyJob = Job<UntypedTasks>;

/** What importing an entry does. `conflict`: another job has its id. */
export type Action = 'add' | 'unchanged' | 'replace' | 'conflict' | 'cannot';

export interface Judged {
  readonly action: Action;
  readonly from: string;
  readonly notes: readonly Note[];
  readonly why?: string;
  /** The job as it would be. */
  readonly job?: AnyJob;
  readonly spec?: Carried['spec'];
}

/** How many ids are asked for at once. */
const ASKED_AT_ONCE = 500;

/** Says of each entry what importing it does. Writes nothing. */
export async function judge(entries: readonly Entry[], client: Client, replace: boolean): Promise<readonly Judged[]> {
  const built = await buildAll(entries, client.jobStore);
  const judged: Judged[] = [];
  for (let from = 0; from < built.length; from += ASKED_AT_ONCE) {
    const part = built.slice(from, from + ASKED_AT_ONCE);
    judged.push(...(await Promise.all(part.map((one) => ('action' in one ? one : compare(one, client, replace))))));
  }
  return judged;
}

/** Entries that cannot be carried over whatever the job store holds. Asks no Redis. */
export async function notCarried(entries: readonly Entry[], jobStore: string): Promise<readonly NotCarried[]> {
  const built = await buildAll(entries, jobStore);
  return built.flatMap((one) => ('action' in one ? { from: one.from, why: one.why ?? '' } : []));
}

async function buildAll(entries: readonly Entry[], jobStore: string): Promise<readonly (Judged | Built)[]> {
  const scheduler = new Scheduler({ backend: new MemoryCluster().connect(), jobStores: [jobStore] });
  const built: (Judged | Built)[] = [];
  try {
    const ids = new Set<string>();
    for (const entry of entries) built.push(await build(entry, { scheduler, jobStore, ids }));
  } finally {
    await scheduler.shutdown();
  }
  return built;
}

interface Built {
  readonly entry: Carried;
  readonly job: AnyJob;
}

interface BuiltInto {
  readonly scheduler: Scheduler;
  readonly jobStore: string;
  readonly ids: Set<string>;
}

const cannot = ({ from, why }: NotCarried): Judged => ({ action: 'cannot', from, why, notes: [] });

/** The job that an entry becomes, as a job store in memory makes it: that one refuses what a real one would. */
async function build(entry: Entry, { scheduler, jobStore, ids }: BuiltInto): Promise<Judged | Built> {
  if (!isCarried(entry)) return cannot(entry);
  const { from, spec } = entry;
  const id = JSON.stringify(spec.id);
  if (ids.has(spec.id)) return cannot({ from, why: `another entry has the id ${id} already` });
  try {
    const job = await scheduler.addJob({ ...spec, jobStore });
    ids.add(spec.id);
    return { entry, job };
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    return cannot({ from, why: error.message });
  }
}

async function compare({ entry, job }: Built, client: Client, replace: boolean): Promise<Judged> {
  const { from, spec, theirNext } = entry;
  const notes = [...entry.notes, ...notesOfNext(job, theirNext)];
  const known = { from, notes, job, spec };
  const there = await client.scheduler.getJob(spec.id, client.choice).catch(nullIfUnreadable);
  if (there === undefined) return (await refused(entry, client)) ?? { ...known, action: 'add' };
  const differs = there ? differencesOf(there, job) : ['record, which cannot be read'];
  if (differs.length === 0) return { ...known, action: 'unchanged' };
  const why = `the job of this id has another ${differs.join(', ')}`;
  if (!replace) return { ...known, action: 'conflict', why };
  return (await refused(entry, client)) ?? { ...known, action: 'replace', why };
}

/** An entry with arguments that no living worker accepts. */
async function refused({ from, spec }: Carried, { scheduler, jobStore }: Client): Promise<Judged | undefined> {
  const why = await refusalOf(scheduler, [{ ...spec, jobStore }]);
  return why === undefined ? undefined : cannot({ from, why });
}

function nullIfUnreadable(error: unknown): null {
  if (error instanceof UnreadableJobError) return null;
  throw error;
}

/** What fires, pauses and imports change: two jobs that differ in nothing else are one. */
const CHANGING = { maxRuns: undefined, nextRunTime: undefined, paused: undefined, replaceExisting: undefined };

function differencesOf(one: AnyJob, other: AnyJob): readonly string[] {
  const [first, second] = [one, other].map(
    (job) => JSON.parse(JSON.stringify({ ...lineOf(job), ...CHANGING })) as Record<string, unknown>,
  );
  const names = new Set([...Object.keys(first ?? {}), ...Object.keys(second ?? {})]);
  return [...names].filter((name) => !isDeepStrictEqual(first?.[name], second?.[name]));
}

/** The other scheduler has computed when it fires next: if we find another instant, the entry means something else here. */
function notesOfNext(job: AnyJob, theirs: Date | undefined): readonly Note[] {
  if (theirs === undefined || theirs.getTime() <= Date.now()) return [];
  const [ours] = job.preview({ count: 1 }).fireTimes;
  if (ours?.getTime() === theirs.getTime()) return [];
  const found = ours ? `it fires at ${ours.toISOString()} here` : 'it does not fire here';
  return [changed(`${found}, and at ${theirs.toISOString()} there`)];
}
