import { lengthText } from '../../duration-text.js';
import type { CarillonEvent } from '../../event/events.js';
import { isOutcome, STATE_AFTER } from '../../run/outcomes.js';
import type { Run } from '../../run/run.js';
import type { RunEvidence } from './explanation.js';
import { courseOf, type RunTrace, runEvidence } from './trace.js';
import { because, timeText } from './words.js';

/** The life of a run, as far as its data is kept. */
export interface RunExplanation {
  readonly runId: string;
  /** null if it was enqueued without a job. */
  readonly jobId: string | null;
  readonly task: string;
  /** The id of the failed run that this run replaces; null if it replaces none. */
  readonly retryOf: string | null;
  /** The id of the run that replaced this failed run; null if there is none. */
  readonly retriedAs: string | null;
  /** Its state as in `getRun`; `unknown` if the log has some of its events, but not its end. */
  readonly code: Run['state'] | 'unknown';
  readonly sentence: string;
  /** Oldest first. */
  readonly scheduledRunTimes: readonly Date[];
  readonly evidence: RunEvidence;
  /** The steps of its life, oldest first, as far as the log goes back. */
  readonly steps: readonly { readonly at: Date; readonly text: string }[];
}

/** Describes the life of a run. null if nothing is known of it. */
export function runExplanation(
  trace: RunTrace,
  zone: string,
  now: number,
  retriedAs: string | null = null,
): RunExplanation | null {
  const { runId, run, events } = trace;
  const named = events.find((event) => 'task' in event && 'runId' in event);
  if (!run && !(named && 'task' in named && 'runId' in named)) return null;
  const { jobId, task, retryOf = null } = run ?? (named as { jobId: string | null; task: string; retryOf?: string });
  const last = events.at(-1);
  const code = run?.state ?? (last && isOutcome(last) ? STATE_AFTER[last.type] : 'unknown');
  const scheduledRunTimes = timesOf(trace);
  const first = scheduledRunTimes[0]?.getTime() ?? Number.NaN;
  const course = courseOf(trace, scheduledRunTimes.at(-1)?.getTime() ?? Number.NaN);
  const evidence = { ...runEvidence(trace, course, false), state: code };
  const steps = events.flatMap((event) => stepOf(event, zone) ?? []);
  const of = jobId === null ? `of task "${task}", which was enqueued` : `of job "${jobId}" (task "${task}")`;
  const instead = retryOf === null ? '' : `, in place of run ${retryOf}, which failed`;
  const when = Number.isNaN(first) ? '' : ` for ${timeText(first, zone)}`;
  const texts = steps.map(({ text }) => text);
  const waits = run && 'cancelling' in run ? [`it ${waitText(run, zone)}`] : [];
  const kept =
    texts.length === 0 && run && 'settledAt' in run
      ? [`it ended as ${code} at ${timeText(run.settledAt.getTime(), zone)}`]
      : [];
  const again = retriedAs === null ? [] : [`it was run again as ${retriedAs}`];
  const all = [...texts, ...kept, ...again, ...waits];
  const since = Number.isNaN(first) || waits.length === 0 ? '' : ` ${dueText(now - first)}`;
  const sentence = `Run ${runId} ${of}${when}${instead}: ${all.join('; ')}.${since}`;
  return { runId, jobId, task, retryOf, retriedAs, code, sentence, scheduledRunTimes, evidence, steps };
}

function dueText(lateMs: number): string {
  return lateMs < 0 ? `It is due in ${lengthText(-lateMs)}.` : `It was due ${lengthText(lateMs)} ago.`;
}

function timesOf({ run, events }: RunTrace): readonly Date[] {
  const submitted = events.find((event) => event.type === 'job_submitted' || event.type === 'job_max_instances');
  if (submitted && 'scheduledRunTimes' in submitted) return submitted.scheduledRunTimes;
  return run?.scheduledRunTimes ?? [];
}

function stepOf(event: CarillonEvent, zone: string): { at: Date; text: string } | null {
  const at = timeText(event.at.getTime(), zone);
  const text = textOf(event, at, zone);
  return text === null ? null : { at: event.at, text };
}

function textOf(event: CarillonEvent, at: string, zone: string): string | null {
  switch (event.type) {
    case 'job_submitted': {
      const range = event.coalesced;
      const replaced = range
        ? `, and replaces the fire times from ${timeText(range.first.getTime(), zone)} to ${timeText(range.last.getTime(), zone)} too`
        : '';
      return `it was submitted at ${at}${replaced}`;
    }
    case 'job_max_instances':
      return `it did not run, as the job had as many live runs as it may (${at})`;
    case 'job_missed':
      return `it was too late, and missed at ${at}`;
    case 'job_started':
      return `worker ${event.workerId} started it at ${at}${event.attempt > 1 ? ` (attempt ${event.attempt})` : ''}`;
    case 'job_retrying':
      return `attempt ${event.attempt} failed at ${at} (${event.error.name}: ${event.error.message}), to be tried again at ${timeText(event.retryAt.getTime(), zone)}`;
    case 'job_executed':
      return `it was executed at ${at}`;
    case 'job_error':
      return `it ended in an error at ${at} (${event.error.name}: ${event.error.message})`;
    case 'job_cancelled':
      return `${event.actor === undefined ? 'it was cancelled' : `${event.actor} cancelled it`} at ${at}${because(event.reason ?? null)}`;
    default:
      return null;
  }
}

/** Says what a run that has not ended waits for. */
export function waitText(run: Extract<Run, { readonly cancelling: boolean }>, zone: string): string {
  const state = {
    waiting: 'waits until one of the live runs of its job ends',
    scheduled: 'waits until it is due',
    queued: 'waits in its queue for a worker',
    running: `is running (attempt ${run.attempt})`,
    retrying: `is tried again at ${run.retryAt ? timeText(run.retryAt.getTime(), zone) : 'some time'} or later`,
  }[run.state];
  return run.cancelling ? `${state}, and is being cancelled` : state;
}
