import { Scheduler } from '@carillon/core';
import { type Client, withClient } from '../client.js';
import { CliError, EXIT, exitCodeOf } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type PlaceOptions, placeOf } from '../options/place.js';
import { byZone } from './import-check.js';
import type { JobLine } from './line.js';

export interface Counts {
  readonly added: number;
  /** Were not added: the job store remembers that they have finished under the same trigger. */
  readonly finished: number;
}

interface Options extends PlaceOptions {
  readonly replace?: boolean;
  readonly dryRun?: boolean;
}

/** How many ids are asked for at once. */
const ASKED_AT_ONCE = 500;
/** How many jobs `addJobs` adds whole or not at all. */
const ADDED_AT_ONCE = 1_000;

/** Adds jobs whose lines were checked; none if one exists already, unless it may be replaced. */
export async function addLines(io: Io, lines: readonly JobLine[], options: Options): Promise<Counts> {
  return withClient(io, options, async (client) => {
    if (!options.replace) await refuseExisting(lines, client);
    if (options.dryRun) return { added: 0, finished: 0 };
    const counts = await addAll(io, lines, client, options);
    // Makes the job store known; only now, so that an import that was refused leaves nothing behind.
    if (lines.length > 0) await client.scheduler.start();
    return counts;
  });
}

async function refuseExisting(lines: readonly JobLine[], { scheduler, jobStore, choice }: Client): Promise<void> {
  const existing: string[] = [];
  for (let from = 0; from < lines.length; from += ASKED_AT_ONCE) {
    const part = lines.slice(from, from + ASKED_AT_ONCE);
    const found = await Promise.all(part.map(({ id }) => scheduler.getJob(id, choice)));
    existing.push(...found.flatMap((job) => (job ? job.id : [])));
  }
  if (existing.length === 0) return;
  const named = existing.slice(0, 5).map((id) => JSON.stringify(id));
  throw new CliError(
    EXIT.refused,
    `${existing.length} of ${lines.length} jobs exist in job store "${jobStore}" (${named.join(', ')}${existing.length > 5 ? ', …' : ''}): nothing was added; give --replace, or remove them first`,
  );
}

async function addAll(io: Io, lines: readonly JobLine[], client: Client, options: Options): Promise<Counts> {
  const { jobStore } = client;
  let [added, finished] = [0, 0];
  for (const [timezone, ofZone] of byZone(lines)) {
    const { logger } = client.log;
    await using scheduler = new Scheduler({ ...placeOf(options, io.env), jobStores: [jobStore], logger, timezone });
    for (let from = 0; from < ofZone.length; from += ADDED_AT_ONCE) {
      const part = ofZone.slice(from, from + ADDED_AT_ONCE);
      const specs = part.map(({ spec }) => ({
        ...spec,
        jobStore,
        ...(options.replace ? { replaceExisting: true } : {}),
      }));
      const jobs = await scheduler.addJobs(specs).catch((error: unknown) => {
        throw incomplete(error, added, lines.length);
      });
      finished += jobs.filter((job) => job.finished).length;
      added = added + jobs.length;
    }
  }
  return { added: added - finished, finished };
}

/** Someone changed the job store after the check, or Redis was lost. */
function incomplete(error: unknown, added: number, all: number): unknown {
  if (added === 0) return error;
  const why = error instanceof Error ? error.message : String(error);
  const message = `${added} of ${all} jobs were added, the rest was not: import again with --replace (${why})`;
  return new CliError(exitCodeOf(error) as CliError['exitCode'], message, { cause: error });
}
