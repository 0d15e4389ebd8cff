import type { Command } from 'commander';
import type { Io } from '../io.js';
import { addFiring } from './firing.js';

const EXAMPLES = `
A job's fire times during its pause do not exist. With --all, no job of the job store fires in the whole cluster, and fire times during the pause are owed at \`resume --all\`.

Examples:
  $ carillon jobs pause daily-eu
  $ carillon jobs pause --tag billing --expect 12
  $ carillon jobs pause --all`;

export function addPause(jobs: Command, io: Io): void {
  addFiring(jobs, io, {
    name: 'pause',
    done: 'paused',
    examples: EXAMPLES,
    all: ({ scheduler, choice }) => scheduler.pause(choice),
    one: async ({ scheduler, choice }, id) => {
      await scheduler.pauseJob(id, choice);
      return `job ${JSON.stringify(id)}: paused`;
    },
    many: ({ scheduler }, filter, options) => scheduler.pauseJobs(filter, options),
  });
}
