import { type Job, Scheduler, UnreadableJobError, type UntypedTasks } from '@carillon/core';
import { counted, ofNumber } from '@carillon/core/internal';
import { type Client, withClient } from '../client.js';
import { exitCodeOf } from '../exit-code-of.js';
import { CliError, EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type ByOptions, byOf } from '../options/by.js';
import { type PlaceOptions, placeOf } from '../options/place.js';
import { refusalOf } from './import-arguments.js';
import { byZone, refuse } from './import-check.js';
import { type JobLine, type LineFault, lineOf } from './line.js';

/** How many jobs were, or would be, … */
export interface Counts {
  readonly added: number;
  /** There before, and different now. */
  readonly changed: number;
  /** There before, and as they were. */
  readonly unchanged: number;
  /** Not added: the job store remembers that they have finished under the same trigger. */
  readonly finished: number;
}

interface Options extends PlaceOptions, ByOptions {
  readonly replace?: boolean;
  readonly dryRun?: boolean;
}

type AnyJob = Job<UntypedTasks>;
/** By id. null if there is a job of the id, and its record cannot be read. */
type Existing = Map<string, AnyJob | null>;

/** How many ids are asked for at once. */
const ASKED_AT_ONCE = 500;
/** How many jobs `addJobs` adds whole or not at all. */
const ADDED_AT_ONCE = 1_000;

const NONE: Counts = { added: 0, changed: 0, unchanged: 0, finished: 0 };

/** Adds jobs whose lines were checked; none if one exists already, unless it may be replaced. */
export async function addLines(io: Io, lines: readonly JobLine[], options: Options): Promise<Counts> {
  return withClient(io, options, async (client) => {
    if (!options.replace) await refuseExisting(lines, client);
    refuse(await argumentFaults(io, lines, client, options), lines.length);
    if (options.dryRun) return NONE;
    const counts = await addAll(io, lines, client, options);
    // Makes the job store known; only now, so that an import that was refused leaves nothing behind.
    if (lines.length > 0) await client.scheduler.start();
    return counts;
  });
}

async function refuseExisting(lines: readonly JobLine[], client: Client): Promise<void> {
  const existing = [...(await existingOf(lines, client)).keys()];
  if (existing.length === 0) return;
  const named = existing.slice(0, 5).map((id) => JSON.stringify(id));
  throw new CliError(
    EXIT.refused,
    `${existing.length} of ${counted(lines.length, 'job')} ${ofNumber(existing.length, 'exists', 'exist')} in job store "${client.jobStore}" (${named.join(', ')}${existing.length > 5 ? ', …' : ''}): nothing was added; give --replace, or remove ${ofNumber(existing.length, 'it', 'them')} first`,
  );
}

/** The jobs of these lines that there are, by id. */
async function existingOf(lines: readonly JobLine[], { scheduler, choice }: Client): Promise<Existing> {
  const existing: Existing = new Map();
  for (let from = 0; from < lines.length; from += ASKED_AT_ONCE) {
    const part = lines.slice(from, from + ASKED_AT_ONCE);
    const found = await Promise.all(part.map(({ id }) => scheduler.getJob(id, choice).catch(nullIfUnreadable)));
    for (const [index, { id }] of part.entries()) {
      const job = found[index];
      if (job !== undefined) existing.set(id, job);
    }
  }
  return existing;
}

/** A job that cannot be read can be replaced anyway. */
function nullIfUnreadable(error: unknown): null {
  if (error instanceof UnreadableJobError) return null;
  throw error;
}

async function addAll(io: Io, lines: readonly JobLine[], client: Client, options: Options): Promise<Counts> {
  let counts = NONE;
  await eachPart(io, lines, client, options, async (scheduler, part) => {
    try {
      counts = sum(counts, await addPart(scheduler, part, client, options.replace ?? false));
    } catch (error) {
      throw incomplete(error, counts, lines.length);
    }
  });
  return counts;
}

/** Lines with arguments that no living worker accepts. Writes nothing. */
async function argumentFaults(io: Io, lines: readonly JobLine[], client: Client, options: Options) {
  const faults: LineFault[] = [];
  await eachPart(io, lines, client, options, async (scheduler, part) => {
    const specs = part.map(({ spec }) => ({ ...spec, jobStore: client.jobStore }));
    if ((await refusalOf(scheduler, specs)) === undefined) return;
    for (const [index, { number }] of part.entries()) {
      const why = await refusalOf(scheduler, specs.slice(index, index + 1));
      if (why !== undefined) faults.push({ number, why });
    }
  });
  return faults;
}

/** Works on parts of lines, one after the other, each with a scheduler of its time zone. */
async function eachPart(
  io: Io,
  lines: readonly JobLine[],
  { jobStore, log: { logger } }: Client,
  options: Options,
  work: (scheduler: Scheduler, part: readonly JobLine[]) => Promise<void>,
): Promise<void> {
  for (const [timezone, ofZone] of byZone(lines)) {
    const own = { ...placeOf(options, io.env), jobStores: [jobStore], logger, timezone };
    await using scheduler = new Scheduler(own).as(byOf(options));
    for (let from = 0; from < ofZone.length; from += ADDED_AT_ONCE) {
      await work(scheduler, ofZone.slice(from, from + ADDED_AT_ONCE));
    }
  }
}

async function addPart(scheduler: Scheduler, part: readonly JobLine[], client: Client, replace: boolean) {
  const before: Existing = replace ? await existingOf(part, client) : new Map();
  const { jobStore } = client;
  const specs = part.map(({ spec }) => ({ ...spec, jobStore, ...(replace && { replaceExisting: true }) }));
  const jobs = await scheduler.addJobs(specs);
  const kinds = jobs.map((job) => {
    if (job.finished) return 'finished';
    const old = before.get(job.id);
    if (old === undefined) return 'added';
    return old && whatItIs(old) === whatItIs(job) ? 'unchanged' : 'changed';
  });
  const count = (kind: keyof Counts) => kinds.filter((one) => one === kind).length;
  return {
    added: count('added'),
    changed: count('changed'),
    unchanged: count('unchanged'),
    finished: count('finished'),
  };
}

/** A job without what its fires change, and without what `--replace` says of all lines. */
function whatItIs(job: AnyJob): string {
  const line = { ...lineOf(job), maxRuns: job.maxRuns };
  return JSON.stringify({ ...line, nextRunTime: undefined, paused: undefined, replaceExisting: undefined });
}

function sum(one: Counts, other: Counts): Counts {
  return {
    added: one.added + other.added,
    changed: one.changed + other.changed,
    unchanged: one.unchanged + other.unchanged,
    finished: one.finished + other.finished,
  };
}

/** Another client changed the job store after the check, or Redis was lost. */
function incomplete(error: unknown, { added, changed, unchanged, finished }: Counts, all: number): unknown {
  const done = added + changed + unchanged + finished;
  if (done === 0) return error;
  const why = error instanceof Error ? error.message : String(error);
  const message = `${done} of ${counted(all, 'job')} ${ofNumber(done, 'was', 'were')} added, the others were not: import again with --replace (${why})`;
  return new CliError(exitCodeOf(error) as CliError['exitCode'], message, { cause: error });
}
