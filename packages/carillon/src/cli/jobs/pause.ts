import type { Command } from 'commander';
import { withClient } from '../client.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { jobOrAll } from './job-or-all.js';

const EXAMPLES = `
What a job's trigger names while the job is paused does not exist. With --all, nothing of the job store fires, in the
whole cluster, and what comes due meanwhile is owed at \`resume --all\`.

Examples:
  $ carillon jobs pause daily-eu
  $ carillon jobs pause --all`;

export function addPause(jobs: Command, io: Io): void {
  withBy(withPlace(jobs.command('pause').description('pause a job, or the whole job store').argument('[id]')))
    .option('--all', 'the whole job store')
    .addHelpText('after', EXAMPLES)
    .action(async (given: string | undefined, options: PlaceOptions & { readonly all?: boolean }) => {
      const id = jobOrAll(given, options.all);
      await withClient(io, options, async ({ scheduler, jobStore, choice }) => {
        if (id === null) await scheduler.pause(choice);
        else await scheduler.pauseJob(id, choice);
        io.say(id === null ? `job store "${jobStore}": paused` : `job ${JSON.stringify(id)}: paused`);
      });
    });
}
