import type { Command } from 'commander';
import { withClient } from '../client.js';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { type TriggerOptions, triggerOf, withTimezone, withTrigger } from '../options/trigger.js';
import { nextRunLine } from './view.js';

interface Options extends PlaceOptions, TriggerOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
The trigger counts from now. A paused job stays paused.

Examples:
  $ carillon jobs reschedule daily-eu --cron '0 10 * * 1-5' --timezone Europe/Berlin
  $ carillon jobs reschedule monthly --fields 'day=last fri hour=9'
  $ carillon jobs reschedule warm --every 10m --jitter 30s`;

export function addReschedule(jobs: Command, io: Io): void {
  const command = jobs.command('reschedule').description('give a job another trigger').argument('<id>');
  withBy(withPlace(withTimezone(withTrigger(command))))
    .option('--json', 'print the job as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (id: string, options: Options) => {
      const trigger = triggerOf(options);
      if (!trigger) throw new UsageError('give a trigger: --cron, --fields, --every, --at or --trigger');
      await withClient(io, options, async ({ scheduler, choice }) => {
        const job = await scheduler.rescheduleJob(id, trigger, choice);
        if (options.json) io.sayJson(job);
        else io.say(nextRunLine(job));
      });
    });
}
