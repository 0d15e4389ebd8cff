import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { backlogFindings } from './backlog/index.js';
import { formatFindings, notRead } from './format-findings.js';
import { readFacts } from './read.js';
import { reportOf } from './report.js';
import { serverFindings } from './server-findings.js';
import { storeFindings } from './store-findings.js';
import { workerFindings } from './worker-findings.js';

interface Options extends PlaceOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
Looks at the server and at every job store of the prefix, and changes nothing. Each finding says what to do. Exit code
1 where one is an error; warnings alone leave it at 0.

Examples:
  $ carillon doctor
  $ carillon doctor --json | jq -r '.findings[] | .code'`;

export function addDoctor(program: Command, io: Io): void {
  withPlace(program.command('doctor').description('report what is wrong, and what to do about it'), 'several')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const facts = await readFacts(io, options);
      const ofStores = facts.stores.flatMap((store) => [
        ...formatFindings(store.inspection),
        ...storeFindings(store),
        ...workerFindings(store),
      ]);
      const findings = [
        ...serverFindings(facts.server),
        ...facts.notRead.map(notRead),
        ...ofStores,
        ...backlogFindings(facts.stores),
      ];
      const jobStores = facts.stores.map(({ inspection, looked }) => ({ ...inspection, looked }));
      if (options.json) io.sayJson({ server: facts.server, jobStores, findings });
      else io.say(reportOf(facts, findings));
      if (findings.some(({ level }) => level === 'error')) io.exitCode = EXIT.failed;
    });
}
