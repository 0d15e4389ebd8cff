import type { BulkOptions, BulkOutcome, JobFilter } from '@carillon/core';
import type { Command } from 'commander';
import { type Client, withClient } from '../client.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { doWithMany, type ManyOptions, meantBy, withMany } from './many.js';

/** A command that stops or starts the firing of a job, of many, or of the whole job store. */
export interface Firing {
  readonly name: 'pause' | 'resume';
  /** The word for what was done. */
  readonly done: string;
  readonly examples: string;
  readonly all: (client: Client) => Promise<void>;
  /** Returns the line to print. */
  readonly one: (client: Client, id: string) => Promise<string>;
  readonly many: (client: Client, filter: JobFilter, options: BulkOptions) => Promise<BulkOutcome>;
}

export function addFiring(jobs: Command, io: Io, { name, done, examples, all, one, many }: Firing): void {
  const command = jobs.command(name).description(`${name} a job, many, or the whole job store`).argument('[id]');
  withBy(withMany(withPlace(command)))
    .option('--all', 'the whole job store')
    .addHelpText('after', examples)
    .action(async (given: string | undefined, options: PlaceOptions & ManyOptions & { readonly all?: boolean }) => {
      const meant = meantBy(given, options.all, options);
      await withClient(io, options, async (client) => {
        if (meant === 'all') {
          await all(client);
          io.say(`job store "${client.jobStore}": ${done}`);
        } else if ('id' in meant) {
          io.say(await one(client, meant.id));
        } else {
          await doWithMany(io, client, meant, done, (filter, of) => many(client, filter, of));
        }
      });
    });
}
