import type { RunHandle, Scheduler } from '@carillon/core';
import type { Dice } from '../dice.js';
import type { Asking, Execution, Intent, Play, Sketch } from './intent.js';
import type { Sketches } from './sketches.js';

/** The weight of each kind of intent. */
const WEIGHTS = {
  add: 5,
  'add several': 1,
  redeploy: 2,
  modify: 4,
  pause: 1.5,
  resume: 2,
  remove: 1.5,
  'remove with runs': 0.7,
  run: 2,
  cancel: 1.5,
  get: 0.7,
  'list runs': 0.5,
  enqueue: 1.5,
  'pause store': 0.6,
  'resume store': 1.5,
  'remove all': 0.15,
} as const;

/** Returns an intent for a producer. `runIds`: runs that it may know of. */
export function newIntent(dice: Dice, sketches: Sketches, now: number, runIds: readonly string[]): Intent {
  const kind = dice.weighted(WEIGHTS);
  switch (kind) {
    case 'add':
      return { kind, jobs: [sketches.job(now)] };
    case 'add several': {
      const ids = [...new Set([sketches.id(), sketches.id(), sketches.id()])];
      return { kind: 'add', jobs: ids.map((id) => sketches.job(now, id)) };
    }
    case 'redeploy':
      return { kind: 'add', jobs: [sketches.redeployed(now)] };
    case 'modify':
      return { kind, id: sketches.id(), changes: sketches.changes(now) };
    case 'enqueue':
      return { kind, ...sketches.call(), ...sketches.execution(), ...sketches.asking(now), waitMs: sketches.wait() };
    case 'run':
      return { kind, id: sketches.id(), waitMs: sketches.wait() };
    case 'cancel':
    case 'get':
      return { kind, runId: runIds.length > 0 ? dice.pick(runIds) : 'none' };
    case 'remove all':
    case 'pause store':
    case 'resume store':
      return { kind };
    default:
      return { kind, id: sketches.id() };
  }
}

/** Sends an intent to the cluster. Returns the state or result of a run, or the number of a job's runs, if it asks for that. */
export async function ask(scheduler: Scheduler, intent: Intent): Promise<unknown> {
  switch (intent.kind) {
    case 'add':
      await scheduler.addJobs(
        intent.jobs.map(({ id, task, replaceExisting, ...rest }) => {
          return { id, replaceExisting, ...given(rest), ...call(task, rest) };
        }),
      );
      return undefined;
    case 'modify': {
      const { task, ...rest } = intent.changes;
      await scheduler.modifyJob(intent.id, task ? { ...given(rest), ...call(task, rest) } : given(rest));
      return undefined;
    }
    case 'pause':
      await scheduler.pauseJob(intent.id);
      return undefined;
    case 'resume':
      await scheduler.resumeJob(intent.id);
      return undefined;
    case 'remove':
      await scheduler.removeJob(intent.id);
      return undefined;
    case 'remove with runs':
      await scheduler.removeJob(intent.id, { cancelRuns: true });
      return undefined;
    case 'cancel':
      await scheduler.cancelRun(intent.runId);
      return undefined;
    case 'run':
      return resultOf(await scheduler.runJob(intent.id), intent);
    case 'enqueue':
      return resultOf(
        await scheduler.enqueue(intent.task, [{ ...intent.play }], { ...executed(intent), ...asked(intent) }),
        intent,
      );
    case 'list runs':
      return (await scheduler.getRuns(intent.id)).length;
    case 'get':
      return (await scheduler.getRun(intent.runId))?.state;
    case 'remove all':
      await scheduler.removeAllJobs();
      return undefined;
    case 'pause store':
      await scheduler.pause();
      return undefined;
    case 'resume store':
      await scheduler.resume();
      return undefined;
  }
}

function resultOf(run: RunHandle, { waitMs }: { readonly waitMs?: number | undefined }): Promise<unknown> | undefined {
  return waitMs === undefined ? undefined : run.result({ timeout: waitMs });
}

function call(task: string, { play }: Sketch) {
  return { task, args: play ? [{ ...play } satisfies Play] : [] };
}

function given({ trigger, maxInstances, overlap, misfireGraceTime, coalesce, history, ...rest }: Sketch) {
  const { maxRuns, nextRunTime } = rest;
  const first = nextRunTime == null ? nextRunTime : new Date(nextRunTime);
  const policy = { maxInstances, overlap, misfireGraceTime, coalesce, history };
  const job = { trigger, ...policy, maxRuns, nextRunTime: first };
  return { ...job, ...executed(rest) };
}

function asked({ delay, at, misfireGraceTime, dedupe }: Asking) {
  return { delay, at: at === undefined ? at : new Date(at), misfireGraceTime, dedupe };
}

function executed({ executor, priority, retry, timeout }: Execution) {
  if (!retry) return { executor, priority, retry, timeout };
  const { attempts, type, delay, maxDelay, jitter } = retry;
  const backoff = delay === undefined ? undefined : { type, delay, maxDelay, jitter };
  return { executor, priority, retry: { attempts, backoff }, timeout };
}
