import { counted, ofNumber } from '@carillon/core/internal';
import type { Command } from 'commander';
import { withReader } from '../existing-store.js';
import { CliError, EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { lineOf } from './line.js';
import { allJobs } from './pages.js';

const EXAMPLES = `
Writes one job a line, in the form that \`import\` reads and docs/cli.md describes, without runs and outcomes. A job that changes during the export may be missing: to prevent that, pause the job store first (\`jobs pause --all\`).

Example:
  $ carillon jobs export > jobs.jsonl`;

export function addExport(jobs: Command, io: Io): void {
  withPlace(jobs.command('export').description('write all jobs as JSON lines'))
    .addHelpText('after', EXAMPLES)
    .action((options: PlaceOptions) =>
      withReader(io, options, async (client) => {
        for await (const job of allJobs(client)) {
          if (job.runsLeft() === 0) io.note(`job ${JSON.stringify(job.id)} is paused with no run left: left out`);
          else io.sayJson(lineOf(job));
        }
        const { unreadable } = client.log;
        if (unreadable > 0)
          throw new CliError(
            EXIT.failed,
            `${counted(unreadable, 'job')} cannot be read and ${ofNumber(unreadable, 'was', 'were')} left out`,
          );
      }),
    );
}
