import type { Command } from 'commander';
import { withClient } from '../client.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { sayRun, type WaitOptions, withWait } from '../runs/wait-option.js';

interface Options extends PlaceOptions, WaitOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
Besides its trigger, and also while it is paused; its next run time stays. The run is queued when this returns, unless
--wait is given: then it has ended, and its result is told.

Examples:
  $ carillon jobs run daily-eu
  $ carillon jobs run daily-eu --wait --wait-timeout 5m
  $ carillon jobs run daily-eu --json | jq -r .runId`;

export function addRun(jobs: Command, io: Io): void {
  withBy(withWait(withPlace(jobs.command('run').description('run a job now').argument('<id>'))))
    .option('--json', 'tell the run as JSON')
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: Options) =>
      withClient(io, options, async ({ scheduler, choice }) => {
        const run = await scheduler.runJob(id, choice);
        await sayRun(io, run, options, `job ${JSON.stringify(id)}: run ${run.runId}`);
      }),
    );
}
