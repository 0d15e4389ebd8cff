import type { ExecutorForecast, Forecast, WorstStep } from '@carillon/core';
import { counted, lengthText, ofNumber } from '@carillon/core/internal';
import { type Command, Option } from 'commander';
import { withClient } from '../client.js';
import type { Io } from '../io.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { countUpTo, durationText, instant } from '../options/values.js';
import { table } from '../table.js';

interface Options extends PlaceOptions {
  readonly from?: Date;
  readonly to?: Date;
  readonly by?: 'minute' | 'hour';
  readonly executor?: string;
  readonly worst?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Computes when the jobs fire, in this process. SLOTS TAKEN is the number of slots that the fires of a step are expected to take, by the recent durations of runs. --json has the fires of each step.

Examples:
  $ carillon forecast
  $ carillon forecast --to 2026-11-01T00:00:00Z --by hour
  $ carillon forecast --executor mail --worst 20 --json`;

export function addForecast(command: Command, io: Io): void {
  withPlace(command)
    .option('--from <instant>', 'when it begins (default: now)', instant)
    .option('--to <instant>', 'when it ends (default: 24 hours later)', instant)
    .addOption(new Option('--by <step>', 'how long a step is (default: minute)').choices(['minute', 'hour']))
    .option('--executor <alias>', 'only of this executor')
    .option('--worst <n>', 'how many of the worst steps are named (default: 10)', countUpTo(100))
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) =>
      withClient(io, options, async ({ scheduler, choice }) => {
        const { from, to, by, executor, worst, json } = options;
        const forecast = await scheduler.forecast({ ...choice, from, to, by, executor, worst });
        if (json) io.sayJson(forecast);
        else io.say(inWords(forecast));
      }),
    );
}

function inWords({ jobStore, from, to, stepMs, paused, executors, worst, jobs, unreadable }: Forecast): string {
  const lines = [
    `${counted(jobs, 'job')} of job store ${jobStore} ${ofNumber(jobs, 'fires', 'fire')} from ${from.toISOString()} to ${to.toISOString()}.`,
  ];
  if (unreadable > 0)
    lines.push(`${counted(unreadable, 'job')} cannot be read, and ${ofNumber(unreadable, 'is', 'are')} not counted.`);
  if (paused) lines.push('The job store is paused: nothing fires until `carillon jobs resume --all`.');
  const each = `MOST IN ${durationText(stepMs).toUpperCase()}`;
  const byExecutor = table(['EXECUTOR', 'FIRES', each, 'MEAN', 'MOST SLOTS TAKEN', 'SLOTS'], executors.map(rowOf));
  const steps = table(['AT', 'EXECUTOR', 'FIRES', 'SLOTS TAKEN', 'SLOTS', 'JOBS'], worst.map(stepRow));
  return [...lines, '', byExecutor, steps].join('\n');
}

const most = (values: readonly number[]) => values.reduce((highest, value) => Math.max(highest, value), 0);

function rowOf({ executor, fires, meanMs, slots, slotsTaken, estimated }: ExecutorForecast): string[] {
  const all = Math.round(fires.reduce((sum, count) => sum + count, 0));
  return [
    ...[executor, `${estimated ? 'about ' : ''}${all}`, String(most(fires))],
    ...[meanMs === null ? '-' : lengthText(meanMs), slotsTaken ? String(most(slotsTaken)) : '-', String(slots)],
  ];
}

function stepRow({ at, executor, fires, slotsTaken, slots, jobs, named }: WorstStep): string[] {
  const ids = named.slice(0, 3).map(({ jobId }) => jobId);
  const jobsText = `${jobs}: ${ids.join(', ')}${jobs > ids.length ? ', …' : ''}`;
  return [
    at.toISOString(),
    executor,
    String(fires),
    slotsTaken === null ? '-' : String(slotsTaken),
    String(slots),
    jobsText,
  ];
}
