import type { JobChanges, UntypedTasks } from '@carillon/core';
import type { Command } from 'commander';
import { type Client, withClient } from '../client.js';
import { CliError, EXIT, UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type CallOptions, withCall } from '../options/call.js';
import { fieldsOf, withFields, withoutFields } from '../options/job-fields.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { orNull, type PolicyOptions, policyOf, withoutPolicy, withPolicy } from '../options/policy.js';
import { count, instant, list } from '../options/values.js';
import { nextRunLine } from './view.js';

interface Options extends PlaceOptions, PolicyOptions, CallOptions {
  readonly task?: string;
  readonly tag?: readonly string[] | false;
  readonly maxRuns?: number | false;
  readonly nextRunTime?: Date;
  readonly json?: boolean;
}

const EXAMPLES = `
Fields that are left out stay as they are. Queued and running runs keep the old values. \`jobs reschedule\` changes the trigger.

Examples:
  $ carillon jobs modify daily-eu --timeout 5m --retry 3
  $ carillon jobs modify daily-eu --args '["us"]'
  $ carillon jobs modify daily-eu --tag billing,team:a --description 'Revenue of the day before'
  $ carillon jobs modify daily-eu --no-retry --no-max-runs --coalesce
  $ carillon jobs modify daily-eu --next-run-time 2027-01-01T09:00:00Z`;

export function addModify(jobs: Command, io: Io): void {
  const command = jobs.command('modify').description('change a job').argument('<id>');
  const withOptions = withBy(withoutPolicy(withPolicy(withCall(withPlace(command))))).option(
    '--task <name>',
    'another task, with the given arguments, or those of the job',
  );
  withoutFields(withFields(withOptions, 'job'), 'job')
    .option('--tag <tags>', 'its new tags, which replace the old ones: billing,team:a, or repeat the option', list)
    .option('--no-tag', 'remove its tags')
    .option('--max-runs <n>', 'the number of fire times after which it ends, from now on', count)
    .option('--no-max-runs', 'it ends when its trigger does')
    .option('--next-run-time <instant>', 'when it fires next', instant)
    .option('--json', 'print the job as JSON')
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: Options) =>
      withClient(io, options, async (client) => {
        const { tag, maxRuns, nextRunTime } = options;
        const fields = { ...policyOf(options), ...fieldsOf(options, 'job') };
        const given = { ...fields, tags: tag === false ? [] : tag, maxRuns: orNull(maxRuns), nextRunTime };
        const changes = { ...given, ...(await callOf(id, options, client)) };
        const isEmpty = Object.values(changes).every((value) => value === undefined);
        if (isEmpty) throw new UsageError('there is nothing to change: give an option');
        const job = await client.scheduler.modifyJob(id, changes as JobChanges<UntypedTasks>, client.choice);
        if (options.json) io.sayJson(job);
        else io.say(nextRunLine(job));
      }),
    );
}

/** A task is changed together with its arguments: what is not given is as the job has it. */
async function callOf(id: string, { task, args, kwargs }: Options, { scheduler, jobStore, choice }: Client) {
  if (task === undefined && args === undefined && kwargs === undefined) return {};
  const job = await scheduler.getJob(id, choice);
  if (!job) throw new CliError(EXIT.notFound, `job ${JSON.stringify(id)} is not in job store "${jobStore}"`);
  return { task: task ?? job.task, args: args ?? [...job.args], kwargs: kwargs ?? job.kwargs };
}
