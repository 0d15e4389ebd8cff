import type { Command } from 'commander';
import { withReader } from '../existing-store.js';
import { CliError, EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { jobInFull } from './view.js';

interface Options extends PlaceOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ carillon jobs show daily-eu
  $ carillon jobs show daily-eu --json | jq -r .nextRunTime`;

export function addShow(jobs: Command, io: Io): void {
  withPlace(jobs.command('show').description('show a job').argument('<id>'))
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: Options) =>
      withReader(io, options, async ({ scheduler, jobStore, choice }) => {
        const job = await scheduler.getJob(id, choice);
        if (!job) throw new CliError(EXIT.notFound, `job ${JSON.stringify(id)} is not in job store "${jobStore}"`);
        if (options.json) io.sayJson(job);
        else io.say(jobInFull(job));
      }),
    );
}
