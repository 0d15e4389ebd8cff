import { type Diagnosis, Scheduler } from '@carillon/core';
// What no public name says: which job stores there are.
import { redisBackend } from '@carillon/core/internal';
import { ClientLog } from '../client-log.js';
import type { Io } from '../io.js';
import { type PlaceOptions, placeOf } from '../options/place.js';

/** Looks at the server, and at every job store that is known or was named. @throws ConnectionError */
export async function diagnose(io: Io, options: PlaceOptions): Promise<Diagnosis> {
  const place = placeOf(options, io.env);
  const jobStores = options.jobStore ?? (await knownJobStores(place));
  await using scheduler = new Scheduler({ ...place, jobStores, logger: new ClientLog(io).logger });
  return await scheduler.diagnose();
}

async function knownJobStores({ redis, prefix }: ReturnType<typeof placeOf>): Promise<readonly string[]> {
  const backend = redisBackend({ redis, prefix, report: () => {}, fail: 'fast' });
  try {
    const known = await backend.knownJobStores();
    return known.length > 0 ? known : ['default'];
  } finally {
    await backend.close();
  }
}
