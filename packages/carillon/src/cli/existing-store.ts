import { redisBackend } from '@carillon/core/internal';
import { type Client, withClient } from './client.js';
import { CliError, EXIT } from './exit-codes.js';
import type { Io } from './io.js';
import { jobStoreOf, type PlaceOptions, placeOf } from './options/place.js';

/**
 * Calls a command that only reads with a client. A job store that was named and does not exist is an error: an empty answer would hide that
 * its name is wrong.
 */
export async function withReader<T>(io: Io, options: PlaceOptions, use: (client: Client) => Promise<T>): Promise<T> {
  const jobStore = jobStoreOf(options);
  if (options.jobStore !== undefined) await requireJobStore(io, options, jobStore);
  return withClient(io, options, use);
}

/** @throws CliError if the job store is not known, and nothing was ever written to it. */
export async function requireJobStore(io: Io, options: PlaceOptions, jobStore: string): Promise<void> {
  const { redis, prefix } = placeOf(options, io.env);
  const backend = redisBackend({ redis, prefix, report: () => {}, fail: 'fast' });
  try {
    const known = await backend.knownJobStores();
    if (known.includes(jobStore) || (await backend.hasJobStore(jobStore))) return;
    const others = known.length > 0 ? `there are ${known.join(', ')}` : 'there is none yet';
    throw new CliError(EXIT.notFound, `job store "${jobStore}" does not exist: ${others}`);
  } finally {
    await backend.close();
  }
}
