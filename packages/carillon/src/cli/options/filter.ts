import type { JobFilter } from '@carillon/core';
import { type Command, Option } from 'commander';
import { instant, list } from './values.js';

/** Which jobs a command is about, as options. */
export interface FilterOptions {
  readonly tag?: readonly string[];
  readonly search?: string;
  readonly task?: string;
  readonly executor?: string;
  readonly state?: JobFilter['state'];
  readonly lastOutcome?: JobFilter['lastOutcome'];
  readonly dueBefore?: Date;
}

export function withFilter(command: Command): Command {
  return command
    .option('--tag <tags>', 'jobs that have all of these tags: billing,team:a, or repeat the option', list)
    .option('--search <text>', 'jobs with this text in their id, name, task, description or tags')
    .option('--task <name>', 'jobs of this task')
    .option('--executor <alias>', 'jobs of this executor')
    .addOption(new Option('--state <state>', 'jobs in this state').choices(['scheduled', 'paused', 'running']))
    .addOption(
      new Option('--last-outcome <outcome>', 'jobs with this outcome of their last run').choices([
        'executed',
        'error',
        'cancelled',
        'none',
      ]),
    )
    .option('--due-before <instant>', 'jobs that are due before this instant', instant);
}

/** null if none of these options was given. */
export function filterOf(options: FilterOptions): JobFilter | null {
  const { tag: tags, search: text, task, executor, state, lastOutcome, dueBefore } = options;
  const filter: JobFilter = { tags, text, task, executor, state, lastOutcome, dueBefore };
  return Object.values(filter).every((value) => value === undefined) ? null : filter;
}
