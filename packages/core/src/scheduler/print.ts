import type { Trigger } from '../trigger/index.js';
import type { Job } from './job.js';

/** A table of jobs for people. */
export function tableOf<T>(jobs: readonly Job<T>[]): string {
  const rows = jobs.map(({ id, task, nextRunTime, trigger, executor }) => [
    id,
    task,
    nextRunTime?.toISOString() ?? 'paused',
    inShort(trigger),
    executor,
  ]);
  const all = [['ID', 'TASK', 'NEXT RUN TIME', 'TRIGGER', 'EXECUTOR'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function inShort({ type, ...fields }: Trigger): string {
  const told = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  return `${type} ${told.join(' ')}`;
}
