import type { QuarantinedRecord } from '@carillon/core';
import type { Command } from 'commander';
import { withClient } from '../client.js';
import { withReader } from '../existing-store.js';
import { CliError, EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { nextRunLine } from '../jobs/view.js';
import { withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { countUpTo } from '../options/values.js';
import { table } from '../table.js';

interface Options extends PlaceOptions {
  readonly limit?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Records that could not be read were moved here unchanged. A job among them does not fire until it is restored, which works once it can be read: for example after all members run the version that wrote it. Its fire times since then are owed. Runs cannot be restored, as it is not known whether they happened.

Examples:
  $ carillon quarantine list
  $ carillon quarantine show daily-eu
  $ carillon quarantine restore daily-eu
  $ carillon quarantine remove daily-eu`;

export function addQuarantine(quarantine: Command, io: Io): void {
  quarantine.addHelpText('after', EXAMPLES);
  for (const add of [addList, addShow, addRestore, addRemove]) add(quarantine, io);
}

function addList(quarantine: Command, io: Io): void {
  withPlace(quarantine.command('list').description('list what is in quarantine'))
    .option('--limit <n>', 'the most entries that are printed (default: 100)', countUpTo(10_000))
    .option('--json', 'as JSON lines')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) =>
      withReader(io, options, async ({ scheduler, choice }) => {
        const records = await scheduler.getQuarantined({ ...choice, limit: options.limit });
        if (options.json) for (const record of records) io.sayJson(record);
        else io.say(asTable(records));
      }),
    );
}

function addShow(quarantine: Command, io: Io): void {
  withPlace(quarantine.command('show').description('show a record, unchanged').argument('<id>'))
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: Options) =>
      withReader(io, options, async ({ scheduler, jobStore, choice }) => {
        const [record] = await scheduler.getQuarantined({ ...choice, id });
        if (!record)
          throw new CliError(EXIT.notFound, `${JSON.stringify(id)} is not in quarantine in job store "${jobStore}"`);
        if (options.json) io.sayJson(record);
        else io.say(inFull(record));
      }),
    );
}

function addRestore(quarantine: Command, io: Io): void {
  withBy(withPlace(quarantine.command('restore').description('restore a job, if it can be read now').argument('<id>')))
    .option('--json', 'print the job as JSON')
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: Options) =>
      withClient(io, options, async ({ scheduler, choice }) => {
        const job = await scheduler.restoreQuarantined(id, choice);
        if (options.json) io.sayJson(job);
        else io.say(nextRunLine(job));
      }),
    );
}

function addRemove(quarantine: Command, io: Io): void {
  withBy(withPlace(quarantine.command('remove').description('delete a record in quarantine').argument('<id>')))
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: PlaceOptions) =>
      withClient(io, options, async ({ scheduler, choice }) => {
        await scheduler.removeQuarantined(id, choice);
        io.say(`${JSON.stringify(id)}: removed from quarantine`);
      }),
    );
}

function asTable(records: readonly QuarantinedRecord[]): string {
  const rows = records.map(({ id, kind, at, restorable, why }) => [
    id,
    kind,
    at?.toISOString() ?? '-',
    restorable ? 'yes' : 'no',
    why,
  ]);
  return table(['ID', 'KIND', 'SINCE', 'RESTORABLE', 'WHY'], rows);
}

function inFull({ id, jobStore, kind, at, restorable, why, movedTo, raw }: QuarantinedRecord): string {
  const rows = [
    ['id', id],
    ['job store', jobStore],
    ['kind', kind],
    ['since', at?.toISOString() ?? 'not known'],
    ['restorable', restorable ? 'yes' : 'no'],
    ['why', why],
    ...(movedTo === null ? [] : [['moved to', movedTo]]),
    ['record', raw ?? 'none'],
  ];
  return table(['', ''], rows).trimStart();
}
