import { triggerText } from '@carillon/core';
import type { Io } from '../io.js';
import { lineOf } from '../jobs/line.js';
import { table } from '../table.js';
import type { Action, Judged } from './judge.js';

export type Tally = Readonly<Record<Action, number>>;

export function tallyOf(judged: readonly Judged[]): Tally {
  const count = (action: Action) => judged.filter((one) => one.action === action).length;
  return {
    add: count('add'),
    replace: count('replace'),
    unchanged: count('unchanged'),
    conflict: count('conflict'),
    cannot: count('cannot'),
  };
}

/** One line for each entry, then what is to be known of them. */
export function print(io: Io, judged: readonly Judged[]): void {
  const rows = judged.map(({ action, from, job }) => [
    action,
    job?.id ?? '',
    job?.task ?? '',
    job ? triggerText(job.trigger) : '',
    job?.nextRunTime?.toISOString() ?? '',
    from,
  ]);
  io.say(table(['ACTION', 'JOB', 'TASK', 'TRIGGER', 'NEXT RUN', 'FROM'], rows));
  const said = judged.flatMap(({ action, from, why, notes }) => [
    ...(why === undefined ? [] : [`${from}: ${action}: ${why}`]),
    ...notes.map(({ kind, text }) => `${from}: ${kind}: ${text}`),
  ]);
  if (said.length > 0) io.say(`\n${said.join('\n')}`);
}

export function printJson(io: Io, judged: readonly Judged[]): void {
  for (const { action, from, why, notes, job } of judged) {
    io.sayJson({ action, from, job: job ? lineOf(job) : null, notes, why });
  }
}
