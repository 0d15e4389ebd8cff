import type { Command } from 'commander';
import { withClient } from '../client.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { doWithMany, type ManyOptions, meantBy, withMany } from './many.js';

const EXAMPLES = `
What a job's trigger names while the job is paused does not exist. With --all, nothing of the job store fires, in the
whole cluster, and what comes due meanwhile is owed at \`resume --all\`.

Examples:
  $ carillon jobs pause daily-eu
  $ carillon jobs pause --tag billing --expect 12
  $ carillon jobs pause --all`;

export function addPause(jobs: Command, io: Io): void {
  const command = jobs.command('pause').description('pause a job, many, or the whole job store').argument('[id]');
  withBy(withMany(withPlace(command)))
    .option('--all', 'the whole job store')
    .addHelpText('after', EXAMPLES)
    .action(async (given: string | undefined, options: PlaceOptions & ManyOptions & { readonly all?: boolean }) => {
      const meant = meantBy(given, options.all, options);
      await withClient(io, options, async (client) => {
        const { scheduler, jobStore, choice } = client;
        if (meant === 'all') {
          await scheduler.pause(choice);
          io.say(`job store "${jobStore}": paused`);
        } else if ('id' in meant) {
          await scheduler.pauseJob(meant.id, choice);
          io.say(`job ${JSON.stringify(meant.id)}: paused`);
        } else {
          await doWithMany(io, client, meant, 'paused', (filter, of) => scheduler.pauseJobs(filter, of));
        }
      });
    });
}
