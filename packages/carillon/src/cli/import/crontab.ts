import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { compileTrigger, cron } from '@carillon/core';
import { type Command, Option } from 'commander';
import { type Crontab, convertCrontabs, type FileFault } from '../../import/crontab/convert.js';
import type { NotCarried } from '../../import/entry.js';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { jobStoreOf } from '../options/place.js';
import { importEntries } from './import.js';
import { notCarried } from './judge.js';
import { choicesOf, type ImportOptions, withImport } from './options.js';

interface Options extends ImportOptions {
  readonly userFormat?: boolean;
}

const EXAMPLES = `
Prints what it would add, and writes nothing without --apply. The job's task gets the command as its argument, followed by an object with env, stdin and user, if the crontab has them. /etc/crontab and the files of /etc/cron.d have a
column of users.

Examples:
  $ carillon import crontab /etc/crontab --timezone Europe/Berlin
  $ crontab -l | carillon import crontab - --timezone Europe/Berlin --apply
  $ carillon import crontab /etc/cron.d/* --skip --apply --paused --tag from-cron`;

export function addCrontab(group: Command, io: Io): void {
  const command = group
    .command('crontab')
    .description("add jobs that do what crontabs' lines do")
    .argument('<file...>', 'crontabs; -: stdin');
  withImport(command, {
    task: 'the task that runs a command (default: shell)',
    executor: 'the executor of the jobs (default: default)',
  })
    .option('--user-format', 'the files have a column of users before the commands')
    .addOption(
      new Option('--timezone <zone>', "cron's time zone, if a file has no CRON_TZ (default: UTC)").env(
        'CARILLON_TIMEZONE',
      ),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], options: Options) => {
      // Said once, and not of each line.
      compileTrigger(cron('@daily', { timezone: options.timezone }));
      const crontabs = await readAll(io, files, options.userFormat ?? false);
      const { entries, faults } = convertCrontabs(crontabs, choicesOf(options));
      if (faults.length > 0) refuse(faults, await notCarried(entries, jobStoreOf(options)));
      await importEntries(io, entries, options);
    });
}

async function readAll(io: Io, files: readonly string[], hasUsers: boolean): Promise<readonly Crontab[]> {
  const once = new Set(files);
  if (once.size < files.length) throw new UsageError('a file is given twice: give each once');
  return Promise.all(files.map((file) => readOne(io, file, hasUsers)));
}

async function readOne({ surroundings: { stdin } }: Io, file: string, hasUsers: boolean): Promise<Crontab> {
  if (file === '-') {
    if (stdin.isTTY) throw new UsageError('give a file, or pipe a crontab in');
    return { file: 'stdin', name: 'crontab', text: await text(stdin), hasUsers };
  }
  const isOfSystem = /^\/etc\/(crontab|cron\.d\/[^/]+)$/.test(resolve(file));
  try {
    return { file, name: basename(file), text: await readFile(file, 'utf8'), hasUsers: hasUsers || isOfSystem };
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws UsageError with a line for each of them, and for each entry that cannot be carried over. */
function refuse(faults: readonly FileFault[], others: readonly NotCarried[]): never {
  const said = faults.map(({ file, number, why }) => `${file}:${number}: ${why}`);
  const left = others.map(({ from, why }) => `${from}: cannot: ${why}`);
  const sum = faults.length === 1 ? 'a line' : `${faults.length} lines`;
  const more = left.length > 0 ? `, and ${left.length} cannot be carried over` : '';
  throw new UsageError([...said, ...left, `${sum} cannot be read${more}: nothing was added`].join('\n'));
}
