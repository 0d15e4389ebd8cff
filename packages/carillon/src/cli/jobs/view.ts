import type { Job, Trigger, UntypedTasks } from '@carillon/core';
import { table } from '../table.js';

type AnyJob = Job<UntypedTasks>;

export function nextRunOf({ nextRunTime, finished }: Pick<AnyJob, 'nextRunTime' | 'finished'>): string {
  return nextRunTime?.toISOString() ?? (finished ? 'finished' : 'paused');
}

/** `cron 0 9 * * 1-5 timezone=Europe/Berlin`. */
export function triggerInShort({ type, ...fields }: Trigger): string {
  const told = Object.entries(fields).map(([name, value]) => {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return name === 'expression' || name === 'at' ? text : `${name}=${text}`;
  });
  return [type, ...told].join(' ');
}

/** A job for people, a line for each thing there is to know. */
export function jobInFull(job: AnyJob): string {
  const { lastRun } = job;
  const rows = [
    ['id', job.id],
    ['job store', job.jobStore],
    ...(job.name === job.id ? [] : [['name', job.name]]),
    ['task', job.task],
    ['arguments', JSON.stringify(job.args)],
    ...(job.kwargs ? [['keyword arguments', JSON.stringify(job.kwargs)]] : []),
    ['trigger', triggerInShort(job.trigger)],
    ...(job.timezone ? [['time zone', job.timezone]] : []),
    ['next run', nextRunOf(job)],
    ['executor', job.executor],
    ['max instances', String(job.maxInstances)],
    ['misfire grace', job.misfireGraceTime === null ? 'no limit' : `${job.misfireGraceTime} ms`],
    ['coalesce', job.coalesce ? 'yes' : 'no'],
    ['last run', lastRun ? `${lastRun.outcome} for ${lastRun.scheduledRunTime.toISOString()}` : 'none yet'],
    ...(lastRun ? [['runs so far', `${lastRun.executed} executed, ${lastRun.errors} errors`]] : []),
  ];
  return table(['', ''], rows).trimStart();
}
