import { compileTrigger, cron, type Preview, preview, type Trigger } from '@carillon/core';
import { type Command, Option } from 'commander';
import { withReader } from '../existing-store.js';
import { CliError, EXIT, UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { TRIGGER_KINDS, type TriggerOptions, triggerOf, withTrigger } from '../options/trigger.js';
import { countUpTo, instant } from '../options/values.js';
import { printFires } from './print.js';

interface Options extends PlaceOptions, TriggerOptions {
  readonly job?: string;
  readonly count: number;
  readonly after?: Date;
  readonly json?: boolean;
}

const EXAMPLES = `
It needs no Redis, unless --job is given. Quote an expression, or the shell expands its stars. An interval without --start-at counts from now on.

Examples:
  $ carillon next '0 9 * * 1-5' --timezone Europe/Berlin
  $ carillon next '30 2 * * *' --timezone Europe/Berlin --after 2026-03-27T00:00:00Z --count 4
  $ carillon next --fields 'day=last fri hour=9'
  $ carillon next --every 36h --start-at 2026-01-01T00:00:00Z
  $ carillon next --job daily-eu --count 3
  $ carillon next '*/10 * * * * *' --json --count 3`;

export function addNext(command: Command, io: Io): void {
  command.argument('[cron]', 'a crontab string: 5 fields, or 6 with seconds first, or @daily and the like');
  withPlace(withTrigger(command))
    .addOption(new Option('--job <id>', 'the stored job').conflicts([...TRIGGER_KINDS]))
    .addOption(
      new Option('--timezone <zone>', 'the time zone (default: that of the trigger, else UTC)').env(
        'CARILLON_TIMEZONE',
      ),
    )
    .option('--count <n>', 'how many fire times', countUpTo(10_000), 10)
    .option('--after <instant>', 'strictly after this instant (default: now)', instant)
    .option('--json', 'as JSON lines')
    .addHelpText('after', EXAMPLES)
    .action(async (expression: string | undefined, options: Options) => {
      // Fire times are printed in its zone, also where the trigger reads none.
      if (options.timezone !== undefined) compileTrigger(cron('@daily', { timezone: options.timezone }));
      if (options.job === undefined) ofTrigger(io, triggerOrFail(expression, options), options);
      else if (expression === undefined) await ofJob(io, options.job, options);
      else throw new UsageError('give a cron expression or --job, not both');
    });
}

/** @throws UsageError unless there is just one. */
function triggerOrFail(expression: string | undefined, options: Options): Trigger {
  if (expression !== undefined && TRIGGER_KINDS.some((kind) => options[kind] !== undefined)) {
    throw new UsageError('give a cron expression or an option, not both');
  }
  if (expression !== undefined && /^[^\s@]+$/.test(expression))
    throw new UsageError(`${JSON.stringify(expression)} is not a crontab string; for a stored job, give --job`);
  const given = expression === undefined ? options : { ...options, cron: expression };
  const { timezone: _, ...withoutZone } = given;
  const readsAClock = given.cron !== undefined || given.fields !== undefined;
  const trigger = triggerOf(readsAClock ? given : withoutZone);
  if (trigger) return trigger;
  throw new UsageError('give a cron expression, --cron, --fields, --every, --at, --trigger, or the --job');
}

function ofTrigger(io: Io, trigger: Trigger, { timezone, count, after = new Date(), json }: Options): void {
  const found = preview(trigger, { after, count, timezone });
  const zone = timezone ?? zoneOf(trigger);
  const compiled = compileTrigger(trigger, { timezone, now: after });
  printFires(io, found, { zone, count, json, delayMs: (at) => compiled.delay(at) });
}

async function ofJob(io: Io, id: string, options: Options): Promise<void> {
  const { after, count, json } = options;
  await withReader(io, options, async ({ scheduler, jobStore, choice }) => {
    const job = await scheduler.getJob(id, choice);
    if (!job) throw new CliError(EXIT.notFound, `job ${JSON.stringify(id)} is not in job store "${jobStore}"`);
    if (job.paused) io.note('the job is paused; if it is resumed now, it fires at:');
    const found: Preview = job.preview({ after, count });
    const zone = options.timezone ?? zoneOf(job.trigger, job.timezone);
    printFires(io, found, { zone, count, json, delayMs: (at) => job.delay(at) });
  });
}

/** The zone that a trigger reads the clock of. */
function zoneOf(trigger: Trigger, ofJob?: string): string {
  return ('timezone' in trigger ? trigger.timezone : undefined) ?? ofJob ?? 'UTC';
}
