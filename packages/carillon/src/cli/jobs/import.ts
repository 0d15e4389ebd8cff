import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { counted } from '@carillon/core/internal';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { jobStoreOf, type PlaceOptions, withPlace } from '../options/place.js';
import { addLines, type Counts } from './import-add.js';
import { checkLines, refuse } from './import-check.js';
import { readLines } from './line.js';

interface Options extends PlaceOptions {
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Every line is checked, and that no job of its id exists, before anything is added: where lines are wrong, all of them
are named, and nothing is added. Up to
1000 jobs of one time zone are then added in one step; of more, each 1000, so that a Redis that is lost meanwhile
leaves whole thousands: import again with --replace. With it, jobs that exist are changed one by one.

Examples:
  $ carillon jobs import jobs.jsonl
  $ carillon jobs export --prefix old | carillon jobs import --prefix new
  $ carillon jobs import jobs.jsonl --dry-run`;

export function addImport(jobs: Command, io: Io): void {
  withBy(
    withPlace(
      jobs
        .command('import')
        .description('add jobs from JSON lines')
        .argument('[file]', 'the file; default, or -: stdin'),
    ),
  )
    .option('--replace', 'replace jobs that exist; with an equal trigger they keep their next run time')
    .option('--dry-run', 'check only')
    .option('--json', 'print the counts as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, options: Options) => {
      const { lines, faults } = readLines(await readInput(io, file));
      const checked = await checkLines(lines, jobStoreOf(options), options.replace ?? false);
      refuse([...faults, ...checked], lines.length + faults.length);
      const counts = await addLines(io, lines, options);
      if (options.json) io.sayJson(counts);
      else if (options.dryRun) io.say(`${counted(lines.length, 'job')} could be added`);
      else io.say(inWords(counts, options.replace ?? false));
    });
}

function inWords({ added, changed, unchanged, finished }: Counts, replace: boolean): string {
  const parts = [
    `${counted(added, 'job')} added`,
    ...(replace ? [`${changed} changed`, `${unchanged} unchanged`] : []),
  ];
  return [...parts, ...(finished ? [`${finished} had finished already`] : [])].join(', ');
}

async function readInput({ surroundings: { stdin } }: Io, file = '-'): Promise<string> {
  if (file === '-' && stdin.isTTY) throw new UsageError('give a file, or pipe the lines in');
  if (file === '-') return text(stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}
