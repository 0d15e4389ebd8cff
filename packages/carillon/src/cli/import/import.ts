import { counted } from '@carillon/core/internal';
import type { Entry } from '../../import/entry.js';
import { withClient } from '../client.js';
import { CliError, EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { addLines } from '../jobs/import-add.js';
import { type Judged, judge } from './judge.js';
import type { ImportOptions } from './options.js';
import { print, printJson, type Tally, tallyOf } from './print.js';

/** Prints what importing these entries does and, with --apply, does it. */
export async function importEntries(io: Io, entries: readonly Entry[], options: ImportOptions): Promise<void> {
  const { apply = false, replace = false, json } = options;
  const judged = await withClient(io, options, (client) => judge(entries, client, replace));
  const tally = tallyOf(judged);
  if (json) printJson(io, judged);
  else print(io, judged);
  if (apply) refuse(tally, options);
  const counts = apply ? await add(io, judged, options) : undefined;
  if (json) io.sayJson({ applied: apply, ...tally, ...(counts && { added: counts.added, finished: counts.finished }) });
  else io.say(`\n${counts ? done(counts, tally) : planned(tally)}`);
}

/** @throws CliError if some of it cannot be done: then nothing is. */
function refuse({ cannot, conflict }: Tally, { skip = false }: ImportOptions): void {
  const why = [
    ...(cannot > 0 && !skip ? [`${cannot} cannot be carried over: give --skip to import the others`] : []),
    ...(conflict > 0
      ? [`${counted(conflict, 'is', 'are')} in conflict with jobs that exist: give --replace, or remove these jobs`]
      : []),
  ];
  if (why.length > 0) throw new CliError(EXIT.refused, `nothing was added: ${why.join('; ')}`);
}

async function add(io: Io, judged: readonly Judged[], options: ImportOptions) {
  const chosen = judged.flatMap(({ action, spec }) => (spec && ['add', 'replace'].includes(action) ? [spec] : []));
  const lines = chosen.map((spec, index) => ({ number: index + 1, id: spec.id, spec, timezone: undefined }));
  return addLines(io, lines, { ...options, replace: options.replace ?? false, dryRun: false });
}

function planned({ add, replace, unchanged, conflict, cannot }: Tally): string {
  const parts = [
    `${add} to add`,
    ...(replace > 0 ? [`${replace} to replace`] : []),
    `${unchanged} unchanged`,
    ...(conflict > 0 ? [`${conflict} in conflict`] : []),
    ...(cannot > 0 ? [`${cannot} cannot be carried over`] : []),
  ];
  return `${parts.join(', ')}: nothing was written; give --apply`;
}

function done(counts: Awaited<ReturnType<typeof add>>, { unchanged, cannot }: Tally): string {
  const parts = [
    `${counts.added} added`,
    ...(counts.changed > 0 ? [`${counts.changed} replaced`] : []),
    `${unchanged + counts.unchanged} unchanged`,
    ...(counts.finished > 0 ? [`${counts.finished} had finished already`] : []),
    ...(cannot > 0 ? [`${cannot} skipped`] : []),
  ];
  return parts.join(', ');
}
