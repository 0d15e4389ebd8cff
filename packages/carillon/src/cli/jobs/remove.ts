import type { Command } from 'commander';
import { withClient } from '../client.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { say } from '../output.js';

const EXAMPLES = `
Runs that are queued or running go on.

Example:
  $ carillon jobs remove daily-eu`;

export function addRemove(jobs: Command): void {
  withPlace(jobs.command('remove').description('remove a job').argument('<id>'))
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: PlaceOptions) =>
      withClient(options, async ({ scheduler, choice }) => {
        await scheduler.removeJob(id, choice);
        say(`job ${JSON.stringify(id)}: removed`);
      }),
    );
}
