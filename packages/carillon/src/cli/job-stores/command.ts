import { redisBackend } from '@carillon/core/internal';
import type { Command } from 'commander';
import { withClient } from '../client.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type PlaceOptions, placeOf, withPlace } from '../options/place.js';

const EXAMPLES = `
Clients that add to a job store register it. A forgotten one keeps its jobs, and servers that name it serve it, but \`doctor\` no longer checks it.

Examples:
  $ carillon job-stores list
  $ carillon job-stores forget --job-store old`;

export function addJobStores(stores: Command, io: Io): void {
  stores.addHelpText('after', EXAMPLES);
  withPlace(stores.command('list').description('list the job stores of the prefix'))
    .addHelpText('after', EXAMPLES)
    .action(async (options: PlaceOptions) => {
      const { redis, prefix } = placeOf(options, io.env);
      const backend = redisBackend({ redis, prefix, report: () => {}, fail: 'fast' });
      try {
        for (const alias of await backend.knownJobStores()) io.say(alias);
      } finally {
        await backend.close();
      }
    });
  withPlace(stores.command('add').description('register a job store'))
    .addHelpText('after', EXAMPLES)
    .action((options: PlaceOptions) =>
      withClient(io, options, async ({ scheduler, jobStore }) => {
        await scheduler.start();
        io.say(`job store "${jobStore}": known`);
      }),
    );
  withBy(withPlace(stores.command('forget').description('forget a job store; its jobs stay')))
    .addHelpText('after', EXAMPLES)
    .action((options: PlaceOptions) =>
      withClient(io, options, async ({ scheduler, jobStore }) => {
        await scheduler.removeJobStore(jobStore);
        io.say(`job store "${jobStore}": forgotten`);
      }),
    );
}
