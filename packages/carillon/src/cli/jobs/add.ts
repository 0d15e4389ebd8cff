import { ConflictingIdError } from '@carillon/core';
import { type Command, Option } from 'commander';
import { withClient } from '../client.js';
import { CliError, EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type CallOptions, withCall } from '../options/call.js';
import { fieldsOf, withFields } from '../options/job-fields.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { type PolicyOptions, policyOf, withPolicy } from '../options/policy.js';
import { type TriggerOptions, triggerOf, withTimezone, withTrigger } from '../options/trigger.js';
import { count, instant, list } from '../options/values.js';
import { nextRunLine } from './view.js';

interface Options extends PlaceOptions, TriggerOptions, PolicyOptions, CallOptions {
  readonly id?: string;
  readonly tag?: readonly string[];
  readonly maxRuns?: number;
  readonly replace?: boolean;
  readonly paused?: boolean;
  readonly nextRunTime?: Date;
  readonly json?: boolean;
}

const EXAMPLES = `
Without --cron, --fields, --every, --at or --trigger it runs once, now.

Examples:
  $ carillon jobs add report.daily --id daily-eu --cron '0 9 * * 1-5' --timezone Europe/Berlin --args '["eu"]'
  $ carillon jobs add report.monthly --fields 'day=last fri hour=9' --timezone Europe/Berlin
  $ carillon jobs add cache.warm --every 5m --jitter 30s --replace --id warm
  $ carillon jobs add mail.send --retry 5 --timeout 30s --history 20 --every 1h --id hourly-mail
  $ carillon jobs add mail.send --at 2027-01-01T09:00:00Z --args '["ann@example.org"]' --kwargs '{"subject": "Hello"}'`;

export function addAdd(jobs: Command, io: Io): void {
  const command = jobs.command('add').description('add a job').argument('<task>', "the task's name");
  const withOptions = withBy(withPolicy(withCall(withPlace(withTimezone(withTrigger(command))))));
  withFields(withOptions.option('--id <id>', "the job's id (default: generated)"), 'job')
    .option('--tag <tags>', 'tags to find it by: billing,team:a, or repeat the option', list)
    .option('--max-runs <n>', 'the number of fire times after which it ends (default: when its trigger ends)', count)
    .option('--require-task', 'refuse it unless a living worker has the task')
    .option('--replace', 'replace a job of this id; with an equal trigger it keeps its next run time')
    .addOption(new Option('--paused', 'add it paused').conflicts('nextRunTime'))
    .option('--next-run-time <instant>', 'when it fires first', instant)
    .option('--json', 'print the job as JSON')
    .addHelpText('after', EXAMPLES)
    .action((task: string, options: Options) => add(io, task, options));
}

async function add(io: Io, task: string, options: Options): Promise<void> {
  const { id, tag: tags, args, kwargs, maxRuns, replace, paused, requireTask } = options;
  const trigger = triggerOf(options);
  const nextRunTime = paused ? null : options.nextRunTime;
  const call = { task, args: args ?? [], ...(kwargs ? { kwargs } : {}) };
  const spec = {
    ...call,
    ...policyOf(options),
    ...fieldsOf(options, 'job'),
    id,
    tags,
    trigger,
    nextRunTime,
    maxRuns,
    replaceExisting: replace,
    requireTask,
  };
  await withClient(io, options, async ({ scheduler, jobStore }) => {
    const job = await scheduler.addJob({ ...spec, jobStore }).catch((error: unknown) => {
      if (!(error instanceof ConflictingIdError)) throw error;
      const message = `job ${JSON.stringify(error.jobId)} exists in job store "${jobStore}": choose another --id, or give --replace`;
      throw new CliError(EXIT.refused, message, { cause: error });
    });
    // Makes the job store known; only now, so that a job that was refused leaves nothing behind.
    await scheduler.start();
    if (options.json) io.sayJson(job);
    else io.say(nextRunLine(job));
  });
}
