import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { diagnose } from './read.js';
import { reportOf } from './report.js';

interface Options extends PlaceOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
Checks the server and every job store of the prefix, and changes nothing. Each finding says what to do. The exit code is 1 if one is an error, and 0 if there are only warnings.

Examples:
  $ carillon doctor
  $ carillon doctor --json | jq -r '.findings[] | .code'`;

export function addDoctor(command: Command, io: Io): void {
  withPlace(command, 'several')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const diagnosis = await diagnose(io, options);
      if (options.json) io.sayJson(diagnosis);
      else io.say(reportOf(diagnosis));
      const { findings } = diagnosis;
      if (findings.some(({ level }) => level === 'error')) io.exitCode = EXIT.failed;
    });
}
