import type { Command } from 'commander';
import { withClient } from '../client.js';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { jobOrAll } from './job-or-all.js';

interface Options extends PlaceOptions {
  readonly all?: boolean;
  readonly cancelRuns?: boolean;
}

const EXAMPLES = `
Runs that are queued or running go on, unless --cancel-runs is given.

Examples:
  $ carillon jobs remove daily-eu
  $ carillon jobs remove daily-eu --cancel-runs
  $ carillon jobs remove --all`;

export function addRemove(jobs: Command, io: Io): void {
  withBy(withPlace(jobs.command('remove').description('remove a job, or every job').argument('[id]')))
    .option('--all', 'every job of the job store')
    .option('--cancel-runs', 'cancel its runs, too')
    .addHelpText('after', EXAMPLES)
    .action(async (given: string | undefined, options: Options) => {
      const { all, cancelRuns } = options;
      const id = jobOrAll(given, all);
      if (id === null && cancelRuns) throw new UsageError('--cancel-runs goes with the id of a job');
      await withClient(io, options, async ({ scheduler, jobStore, choice }) => {
        if (id === null) {
          io.say(`job store "${jobStore}": ${await scheduler.removeAllJobs(choice)} jobs removed`);
          return;
        }
        await scheduler.removeJob(id, { ...choice, cancelRuns });
        io.say(`job ${JSON.stringify(id)}: removed`);
      });
    });
}
