import { counted } from '@carillon/core/internal';
import type { Command } from 'commander';
import { withClient } from '../client.js';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { doWithMany, type ManyOptions, meantBy, withMany } from './many.js';

interface Options extends PlaceOptions, ManyOptions {
  readonly all?: boolean;
  readonly cancelRuns?: boolean;
}

const EXAMPLES = `
Queued and running runs continue, unless --cancel-runs is given.

Examples:
  $ carillon jobs remove daily-eu
  $ carillon jobs remove daily-eu --cancel-runs
  $ carillon jobs remove --tag old --expect 12
  $ carillon jobs remove --all`;

export function addRemove(jobs: Command, io: Io): void {
  const command = jobs.command('remove').description('remove a job, many, or every job').argument('[id]');
  withBy(withMany(withPlace(command)))
    .option('--all', 'every job of the job store')
    .option('--cancel-runs', 'cancel its runs, too')
    .addHelpText('after', EXAMPLES)
    .action(async (given: string | undefined, options: Options) => {
      const { all, cancelRuns } = options;
      const meant = meantBy(given, all, options);
      if (meant === 'all' && cancelRuns) throw new UsageError('--cancel-runs and --all exclude each other');
      await withClient(io, options, async (client) => {
        const { scheduler, jobStore, choice } = client;
        if (meant === 'all') {
          io.say(`job store "${jobStore}": ${counted(await scheduler.removeAllJobs(choice), 'job')} removed`);
        } else if ('id' in meant) {
          await scheduler.removeJob(meant.id, { ...choice, cancelRuns });
          io.say(`job ${JSON.stringify(meant.id)}: removed`);
        } else {
          await doWithMany(io, client, meant, 'removed', (filter, of) =>
            scheduler.removeJobs(filter, { ...of, cancelRuns }),
          );
        }
      });
    });
}
