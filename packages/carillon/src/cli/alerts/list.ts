import type { Command } from 'commander';
import type { Io } from '../io.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { table } from '../table.js';
import { EXAMPLES } from './examples.js';
import { withAlertStore } from './store.js';

interface Options extends PlaceOptions {
  readonly json?: boolean;
}

export function addList(alerts: Command, io: Io): void {
  withPlace(alerts.command('list').description('list the alerts that are open'))
    .option('--json', 'as JSON lines')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) =>
      withAlertStore(io, options, async (store) => {
        const open = await store.alerts();
        if (options.json) for (const alert of open) io.sayJson(alert);
        else {
          const rows = open.map(({ rule, jobId, task, executor, openedAt, silenced, why }) => {
            const about = jobId ?? task ?? executor ?? '-';
            return [openedAt, rule, about, silenced ? 'yes' : 'no', why];
          });
          io.say(table(['SINCE', 'RULE', 'ABOUT', 'SILENCED', 'WHY'], rows));
        }
      }),
    );
}
