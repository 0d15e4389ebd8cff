import type { Scheduler } from '@carillon/core';
import type { Dice } from '../dice.js';
import type { Intent, Play, Sketch } from './intent.js';
import type { Sketches } from './sketches.js';

/** How often producers ask what, by weight. */
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
  enqueue: 1,
  'pause store': 0.6,
  'resume store': 1.5,
  'remove all': 0.15,
} as const;

/** Something for a producer to ask. `runIds`: of runs that it may know of. */
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
      return { kind, ...sketches.call(), executor: sketches.executor() };
    case 'cancel':
      return { kind, runId: runIds.length > 0 ? dice.pick(runIds) : 'none' };
    case 'remove all':
    case 'pause store':
    case 'resume store':
      return { kind };
    default:
      return { kind, id: sketches.id() };
  }
}

/** Asks it of the cluster. Answers what the scheduler does, as far as it tells what took place. */
export async function ask(scheduler: Scheduler, intent: Intent): Promise<void> {
  switch (intent.kind) {
    case 'add':
      await scheduler.addJobs(
        intent.jobs.map(({ id, task, replaceExisting, ...rest }) => {
          return { id, replaceExisting, ...given(rest), ...call(task, rest) };
        }),
      );
      return;
    case 'modify': {
      const { task, ...rest } = intent.changes;
      await scheduler.modifyJob(intent.id, task ? { ...given(rest), ...call(task, rest) } : given(rest));
      return;
    }
    case 'pause':
      await scheduler.pauseJob(intent.id);
      return;
    case 'resume':
      await scheduler.resumeJob(intent.id);
      return;
    case 'remove':
      await scheduler.removeJob(intent.id);
      return;
    case 'remove with runs':
      await scheduler.removeJob(intent.id, { cancelRuns: true });
      return;
    case 'cancel':
      await scheduler.cancelRun(intent.runId);
      return;
    case 'run':
      await scheduler.runJob(intent.id);
      return;
    case 'enqueue':
      await scheduler.enqueue(intent.task, [{ ...intent.play }], { executor: intent.executor });
      return;
    case 'remove all':
      await scheduler.removeAllJobs();
      return;
    case 'pause store':
      await scheduler.pause();
      return;
    case 'resume store':
      await scheduler.resume();
  }
}

function call(task: string, { play }: Sketch) {
  return { task, args: play ? [{ ...play } satisfies Play] : [] };
}

function given({ trigger, executor, maxInstances, misfireGraceTime, coalesce, nextRunTime }: Sketch) {
  const first = nextRunTime == null ? nextRunTime : new Date(nextRunTime);
  return { trigger, executor, maxInstances, misfireGraceTime, coalesce, nextRunTime: first };
}
