import type { Command } from 'commander';
import { withClient } from '../client.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { jobOrAll } from './job-or-all.js';
import { nextRunLine } from './view.js';

const EXAMPLES = `
A job fires on from now.

Examples:
  $ carillon jobs resume daily-eu
  $ carillon jobs resume --all`;

export function addResume(jobs: Command, io: Io): void {
  withBy(withPlace(jobs.command('resume').description('resume a job, or the whole job store').argument('[id]')))
    .option('--all', 'the whole job store')
    .addHelpText('after', EXAMPLES)
    .action(async (given: string | undefined, options: PlaceOptions & { readonly all?: boolean }) => {
      const id = jobOrAll(given, options.all);
      await withClient(io, options, async ({ scheduler, jobStore, choice }) => {
        if (id === null) {
          await scheduler.resume(choice);
          io.say(`job store "${jobStore}": resumed`);
          return;
        }
        const job = await scheduler.resumeJob(id, choice);
        io.say(nextRunLine(job));
      });
    });
}
