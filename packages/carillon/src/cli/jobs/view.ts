import type { Job, RetryPolicy, Trigger, UntypedTasks } from '@carillon/core';
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

function retryInShort({ attempts, backoff }: RetryPolicy): string {
  const { type, delay, maxDelay, jitter } = backoff;
  const grows = type === 'exponential' ? `, doubled up to ${maxDelay} ms` : '';
  return `${attempts} attempts, after ${delay} ms${grows}${jitter ? `, ${jitter} of it by chance` : ''}`;
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
    ['overlap', job.overlap],
    ...(job.priority ? [['priority', String(job.priority)]] : []),
    ...(job.timeout === null ? [] : [['timeout', `${job.timeout} ms`]]),
    ...(job.retry ? [['retry', retryInShort(job.retry)]] : []),
    ...(job.history ? [['history', `${job.history.perJob} runs, ${job.history.age} ms`]] : []),
    ...(job.maxRuns === null ? [] : [['runs left', `${job.runsLeft()} of ${job.maxRuns}`]]),
    ['last run', lastRun ? `${lastRun.outcome} for ${lastRun.scheduledRunTime.toISOString()}` : 'none yet'],
    ...(lastRun ? [['runs so far', `${lastRun.executed} executed, ${lastRun.errors} errors`]] : []),
  ];
  return table(['', ''], rows).trimStart();
}
