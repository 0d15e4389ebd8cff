import { triggerText } from '../trigger/index.js';
import type { Job } from './job.js';

/** A table of jobs for people. */
export function tableOf<T>(jobs: readonly Job<T>[]): string {
  const rows = jobs.map(({ id, task, nextRunTime, trigger, executor }) => [
    id,
    task,
    nextRunTime?.toISOString() ?? 'paused',
    triggerText(trigger),
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
