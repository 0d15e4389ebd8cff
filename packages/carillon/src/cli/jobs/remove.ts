import type { Command } from 'commander';
import { withClient } from '../client.js';
import type { Io } from '../io.js';
import { type PlaceOptions, withPlace } from '../options/place.js';

const EXAMPLES = `
Runs that are queued or running go on, unless --cancel-runs is given.

Examples:
  $ carillon jobs remove daily-eu
  $ carillon jobs remove daily-eu --cancel-runs`;

export function addRemove(jobs: Command, io: Io): void {
  withPlace(jobs.command('remove').description('remove a job').argument('<id>'))
    .option('--cancel-runs', 'cancel its runs, too')
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: PlaceOptions & { readonly cancelRuns?: boolean }) =>
      withClient(io, options, async ({ scheduler, choice }) => {
        await scheduler.removeJob(id, { ...choice, cancelRuns: options.cancelRuns });
        io.say(`job ${JSON.stringify(id)}: removed`);
      }),
    );
}
