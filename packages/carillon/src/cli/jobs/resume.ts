import type { Command } from 'commander';
import { withClient } from '../client.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { doWithMany, type ManyOptions, meantBy, withMany } from './many.js';
import { nextRunLine } from './view.js';

const EXAMPLES = `
A job fires again from now on.

Examples:
  $ carillon jobs resume daily-eu
  $ carillon jobs resume --tag billing --expect 12
  $ carillon jobs resume --all`;

export function addResume(jobs: Command, io: Io): void {
  const command = jobs.command('resume').description('resume a job, many, or the whole job store').argument('[id]');
  withBy(withMany(withPlace(command)))
    .option('--all', 'the whole job store')
    .addHelpText('after', EXAMPLES)
    .action(async (given: string | undefined, options: PlaceOptions & ManyOptions & { readonly all?: boolean }) => {
      const meant = meantBy(given, options.all, options);
      await withClient(io, options, async (client) => {
        const { scheduler, jobStore, choice } = client;
        if (meant === 'all') {
          await scheduler.resume(choice);
          io.say(`job store "${jobStore}": resumed`);
        } else if ('id' in meant) {
          io.say(nextRunLine(await scheduler.resumeJob(meant.id, choice)));
        } else {
          await doWithMany(io, client, meant, 'resumed', (filter, of) => scheduler.resumeJobs(filter, of));
        }
      });
    });
}
