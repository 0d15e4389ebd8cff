// The kept state of alerts has no public way in.
import { redisBackend, reportTo } from '@carillon/core/internal';
import { AlertStore } from '../../alerts/alert-store.js';
import { ClientLog } from '../client-log.js';
import type { Io } from '../io.js';
import { jobStoreOf, type PlaceOptions, placeOf } from '../options/place.js';

/** Calls a function with the alerts of a job store, and disconnects afterwards. */
export async function withAlertStore(
  io: Io,
  options: PlaceOptions,
  use: (store: AlertStore) => Promise<void>,
): Promise<void> {
  const jobStore = jobStoreOf(options);
  const { redis, prefix } = placeOf(options, io.env);
  const backend = redisBackend({ redis, prefix, report: reportTo(new ClientLog(io).logger), fail: 'fast' });
  try {
    await use(new AlertStore(backend.jobStore(jobStore), backend.chance));
  } finally {
    await backend.close();
  }
}
