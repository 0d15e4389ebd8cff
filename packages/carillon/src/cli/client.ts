import { Scheduler } from '@carillon/core';
import { ClientLog } from './client-log.js';
import type { Io } from './io.js';
import { type ByOptions, byOf } from './options/by.js';
import { jobStoreOf, type PlaceOptions, placeOf } from './options/place.js';

/** A client of the cluster for one command, and the job store that the command is about. */
export interface Client {
  readonly scheduler: Scheduler;
  readonly jobStore: string;
  readonly choice: { readonly jobStore: string };
  readonly log: ClientLog;
}

/** Calls a function with a client, which connects at its first call, and disconnects it afterwards. The client's changes name the actor. */
export async function withClient<T>(
  io: Io,
  options: PlaceOptions & ByOptions,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const jobStore = jobStoreOf(options);
  const log = new ClientLog(io);
  const scheduler = new Scheduler({ ...placeOf(options, io.env), jobStores: [jobStore], logger: log.logger });
  try {
    return await use({ scheduler: scheduler.as(byOf(options)), jobStore, choice: { jobStore }, log });
  } finally {
    await scheduler.shutdown();
  }
}
