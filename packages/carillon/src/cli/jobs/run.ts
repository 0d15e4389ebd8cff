import type { Command } from 'commander';
import { withClient } from '../client.js';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { sayRun, type WaitOptions, withWait } from '../runs/wait-option.js';
import { doWithMany, type ManyOptions, meantBy, withMany } from './many.js';

interface Options extends PlaceOptions, WaitOptions, ManyOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
Runs it in addition to its trigger, also while it is paused; its next run time stays. The command returns once the run is queued; with --wait, it returns once the run has ended, and prints its result.

Examples:
  $ carillon jobs run daily-eu
  $ carillon jobs run daily-eu --wait --wait-timeout 5m
  $ carillon jobs run --tag nightly --expect 3
  $ carillon jobs run daily-eu --json | jq -r .runId`;

export function addRun(jobs: Command, io: Io): void {
  const command = jobs.command('run').description('run a job, or many, now').argument('[id]');
  withBy(withWait(withMany(withPlace(command))))
    .option('--json', 'print the run as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (given: string | undefined, options: Options) => {
      const meant = meantBy(given, false, options);
      const { wait, waitTimeout, json } = options;
      const ofOne = wait || waitTimeout !== undefined || json;
      if (meant === 'all' || (!('id' in meant) && ofOne))
        throw new UsageError('--wait and --json need the id of a job');
      await withClient(io, options, async (client) => {
        const { scheduler, choice } = client;
        if ('id' in meant) {
          const run = await scheduler.runJob(meant.id, choice);
          await sayRun(io, run, options, `job ${JSON.stringify(meant.id)}: run ${run.runId}`);
        } else {
          await doWithMany(io, client, meant, 'entered', (filter, of) => scheduler.runJobs(filter, of));
        }
      });
    });
}
