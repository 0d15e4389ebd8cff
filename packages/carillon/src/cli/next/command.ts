import { cron, preview } from '@carillon/core';
import { type Command, Option } from 'commander';
import type { Io } from '../io.js';
import { count, instant } from '../options/values.js';
import { table } from '../table.js';
import { wallClockIn } from './wall-clock.js';

interface Options {
  readonly timezone: string;
  readonly count: number;
  readonly after?: Date;
  readonly json?: boolean;
}

const EXAMPLES = `
Needs no Redis. Put the expression in quotes, or the shell fills in its stars.

Examples:
  $ carillon next '0 9 * * 1-5' --timezone Europe/Berlin
  $ carillon next '30 2 * * *' --timezone Europe/Berlin --after 2026-03-27T00:00:00Z --count 4
  $ carillon next '*/10 * * * * *' --json --count 3`;

export function addNext(program: Command, io: Io): void {
  program
    .command('next')
    .description('tell when a cron expression fires')
    .argument('<cron>', '5 fields, or 6 with seconds first, or @daily and the like')
    .addOption(new Option('--timezone <zone>', 'whose clock it is read by').default('UTC').env('CARILLON_TIMEZONE'))
    .option('--count <n>', 'how many fire times', count, 10)
    .option('--after <instant>', 'strictly after this instant (default: now)', instant)
    .option('--json', 'as JSON lines')
    .addHelpText('after', EXAMPLES)
    .action((expression: string, { timezone, count, after = new Date(), json }: Options) => {
      const { fireTimes, warnings } = preview(cron(expression, { timezone }), { after, count });
      if (json) {
        for (const at of fireTimes) io.sayJson({ at, local: wallClockIn(timezone, at) });
        for (const { changeAt, message } of warnings) io.sayJson({ changeAt, warning: message });
        return;
      }
      io.say(
        table(
          [timezone, 'UTC'],
          fireTimes.map((at) => [wallClockIn(timezone, at), at.toISOString()]),
        ),
      );
      if (fireTimes.length < count) io.note('there are no more fire times');
      if (warnings.length > 0)
        io.say(`\nClock changes within a year:\n${warnings.map(({ message }) => `  ${message}\n`).join('')}`);
    });
}
