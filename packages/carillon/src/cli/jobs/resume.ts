import type { Command } from 'commander';
import type { Io } from '../io.js';
import { addFiring } from './firing.js';
import { nextRunLine } from './view.js';

const EXAMPLES = `
A job fires again from now on.

Examples:
  $ carillon jobs resume daily-eu
  $ carillon jobs resume --tag billing --expect 12
  $ carillon jobs resume --all`;

export function addResume(jobs: Command, io: Io): void {
  addFiring(jobs, io, {
    name: 'resume',
    done: 'resumed',
    examples: EXAMPLES,
    all: ({ scheduler, choice }) => scheduler.resume(choice),
    one: async ({ scheduler, choice }, id) => nextRunLine(await scheduler.resumeJob(id, choice)),
    many: ({ scheduler }, filter, options) => scheduler.resumeJobs(filter, options),
  });
}
