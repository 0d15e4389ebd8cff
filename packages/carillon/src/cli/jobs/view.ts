import { describeTrigger, type Job, type RetryPolicy, triggerText, type UntypedTasks } from '@carillon/core';
import { counted, type JobFieldRow, jobFields } from '@carillon/core/internal';
import { durationText } from '../options/values.js';
import { table } from '../table.js';

type AnyJob = Job<UntypedTasks>;

export function nextRunOf({ nextRunTime, finished }: Pick<AnyJob, 'nextRunTime' | 'finished'>): string {
  return nextRunTime?.toISOString() ?? (finished ? 'finished' : 'paused');
}

/** `job "x": next run …`. */
export function nextRunLine(job: AnyJob): string {
  return `job ${JSON.stringify(job.id)}: ${job.nextRunTime ? 'next run ' : ''}${nextRunOf(job)}`;
}

/** The outcome of a job's last run: `executed`, `error`, `cancelled`; `-`: there was none yet. */
export function lastRunOf({ lastRun }: Pick<AnyJob, 'lastRun'>): string {
  return lastRun ? `${lastRun.outcome} ${lastRun.settledAt.toISOString()}` : '-';
}

function retryInShort({ attempts, backoff, unless }: RetryPolicy): string {
  const { type, delay, maxDelay, jitter } = backoff;
  const grows = type === 'exponential' ? `, doubled up to ${durationText(maxDelay)}` : '';
  const chance = jitter ? `, ${jitter} of it by chance` : '';
  const never = unless ? `; not after ${unless.join(', ')}` : '';
  return `${counted(attempts, 'attempt')}, after ${durationText(delay)}${grows}${chance}${never}`;
}

function inWords({ id, trigger, timezone }: AnyJob): string {
  return describeTrigger(trigger, { jobId: id, timezone });
}

/** Rows that each job has, though its values are the defaults; of all others those that differ. */
const ALWAYS = ['executor', 'maxInstances', 'misfireGraceTime', 'coalesce', 'overlap'];
/** Fields that have a row of their own. */
const OWN = ['name', 'description'];

function fieldRows(job: AnyJob, groups: readonly string[]): string[][] {
  return jobFields.flatMap(({ name, belongsTo, kind, default: usual }) => {
    const value = job[name as keyof AnyJob];
    const isShown = kind && groups.includes(belongsTo ?? '') && !OWN.includes(name);
    return isShown && (value !== usual || ALWAYS.includes(name)) ? [[labelOf(name), valueText(value, kind)]] : [];
  });
}

/** `max instances` of `maxInstances`. */
function labelOf(name: string): string {
  return name === 'misfireGraceTime' ? 'misfire grace' : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function valueText(value: unknown, kind: JobFieldRow['kind']): string {
  if (kind === 'flag') return value ? 'yes' : 'no';
  if (kind === 'duration') return value === null ? 'no limit' : durationText(value as number);
  return String(value);
}

/** A job for people, a line for each thing there is to know. */
export function jobInFull(job: AnyJob): string {
  const { lastRun, lastSuccess, dueTime, nextRunTime } = job;
  const isLater = dueTime !== null && dueTime.getTime() !== nextRunTime?.getTime();
  const rows = [
    ['id', job.id],
    ['job store', job.jobStore],
    ...(job.name === job.id ? [] : [['name', job.name]]),
    ...(job.description === null ? [] : [['description', job.description]]),
    ...(job.tags.length > 0 ? [['tags', job.tags.join(', ')]] : []),
    ['task', job.task],
    ['arguments', JSON.stringify(job.args)],
    ...(job.kwargs ? [['keyword arguments', JSON.stringify(job.kwargs)]] : []),
    ['trigger', triggerText(job.trigger)],
    ['in words', inWords(job)],
    ...(job.timezone ? [['time zone', job.timezone]] : []),
    ['next run', nextRunOf(job)],
    ...(isLater ? [['due, with jitter', dueTime.toISOString()]] : []),
    ...fieldRows(job, ['execution', 'policy']),
    ...(job.retry ? [['retry', retryInShort(job.retry)]] : []),
    ...(job.history ? [['history', `${counted(job.history.perJob, 'run')}, ${durationText(job.history.age)}`]] : []),
    ...(job.account
      ? [['account', `${counted(job.account.entries, 'entry', 'entries')}, ${durationText(job.account.age)}`]]
      : []),
    ...(job.maxRuns === null ? [] : [['runs left', `${job.runsLeft()} of ${job.maxRuns}`]]),
    ...fieldRows(job, ['job']),
    ['last run', lastRun ? `${lastRun.outcome} for ${lastRun.scheduledRunTime.toISOString()}` : 'none yet'],
    ...(lastRun
      ? [['last success', lastSuccess ? `for ${lastSuccess.scheduledRunTime.toISOString()}` : 'none known']]
      : []),
    ...(lastRun ? [['runs so far', `${lastRun.executed} executed, ${counted(lastRun.errors, 'error')}`]] : []),
  ];
  return table(['', ''], rows).trimStart();
}
