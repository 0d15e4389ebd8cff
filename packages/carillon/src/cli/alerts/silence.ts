import type { Command } from 'commander';
import type { Silence } from '../../alerts/silence.js';
import { CliError, EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type ByOptions, byOf, withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { list, until } from '../options/values.js';
import { table } from '../table.js';
import { EXAMPLES } from './examples.js';
import { withAlertStore } from './store.js';

interface SilenceOptions extends PlaceOptions, ByOptions {
  readonly rule?: readonly string[];
  readonly job?: readonly string[];
  readonly task?: readonly string[];
  readonly executor?: readonly string[];
  readonly until: Date;
  readonly json?: boolean;
}

const again = (value: string, before?: string[]) => [...(before ?? []), value];

export function addSilence(alerts: Command, io: Io): void {
  withBy(
    withPlace(
      alerts
        .command('silence')
        .description('deliver no alerts until an instant; alerts that are still open then are delivered'),
    ),
  )
    .requiredOption('--until <when>', 'an instant, or a duration from now on', until)
    .option('--rule <patterns>', 'only of these rules; repeat it, or use commas, for several', list)
    .option('--job <pattern>', 'only of these jobs; repeat it for several', again)
    .option('--task <pattern>', 'only of these tasks; repeat it for several', again)
    .option('--executor <patterns>', 'only of these executors; repeat it, or use commas, for several', list)
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: SilenceOptions) =>
      withAlertStore(io, options, async (store) => {
        const { rule, job, task, executor, until } = options;
        const silence = await store.silence({ rule, job, task, executor, until, ...byOf(options) });
        if (options.json) io.sayJson(silence);
        else io.say(`${silence.id}: silenced until ${silence.until.toISOString()}`);
      }),
    );
}

export function addSilences(alerts: Command, io: Io): void {
  withPlace(alerts.command('silences').description('list the silences'))
    .option('--json', 'as JSON lines')
    .addHelpText('after', EXAMPLES)
    .action((options: PlaceOptions & { readonly json?: boolean }) =>
      withAlertStore(io, options, async (store) => {
        const silences = await store.silences();
        if (options.json) for (const silence of silences) io.sayJson(silence);
        else io.say(table(['ID', 'UNTIL', 'ABOUT', 'BY', 'REASON'], silences.map(rowOf)));
      }),
    );
}

export function addUnsilence(alerts: Command, io: Io): void {
  withPlace(alerts.command('unsilence').description('end a silence').argument('<id>'))
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: PlaceOptions) =>
      withAlertStore(io, options, async (store) => {
        if (!(await store.unsilence(id)))
          throw new CliError(EXIT.notFound, `there is no silence ${JSON.stringify(id)}`);
        io.say(`${JSON.stringify(id)}: no longer silenced`);
      }),
    );
}

function rowOf({ id, until, rule, job, task, executor, actor, reason }: Silence): string[] {
  const about = Object.entries({ rule, job, task, executor }).flatMap(([name, patterns]) =>
    patterns ? [`${name} ${patterns.join(',')}`] : [],
  );
  return [id, until.toISOString(), about.join(' ') || 'all', actor ?? '-', reason ?? '-'];
}
