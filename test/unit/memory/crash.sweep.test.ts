import { Coordinator } from '@carillon/coordinator';
import { type CarillonEvent, interval, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { type MemoryBackend, MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { expect, test } from 'vitest';
import { someOf, sweep } from '../../support/sweep.js';

const logger = defaultLogger();
logger.level = 'silent';
const JOBS = ['a', 'b', 'c'];
/** Longer than a lease. An executor runs one task at a time, so a run that is delivered again waits behind itself. */
const TASK_MS = 1_100;
const executors = { default: { concurrency: 1 } };

interface Fate {
  readonly who: 'coordinator' | 'worker';
  /** The step of the fault: a call that goes out, or an answer that arrives; `null`: no fault. */
  readonly step: number | null;
  readonly how: 'killed' | 'reply lost';
}

/** Plays three jobs that fire each second for 4 s, and an enqueued run. One member meets its fate, and the others mend it within 20 s. */
async function play({ who, step, how }: Fate) {
  const clock = new VirtualClock(new Date(0));
  const cluster = new MemoryCluster({ clock });
  const steps: string[] = [];
  let struck: string | null = null;
  const doomed: MemoryBackend = cluster.connect({
    onStep: ({ call, at }) => {
      steps.push(`${call} ${at}`);
      if (steps.length !== step) return;
      struck = `${call} ${at}`;
      if (how === 'killed') doomed.kill();
      else throw new Error(`lost: ${struck}`);
    },
  });
  const executed: string[] = [];
  const tasks = {
    note: async () => {
      const { jobId, scheduledRunTime } = currentRun();
      await new Promise<void>((resolve) => void clock.after(TASK_MS, resolve));
      executed.push(`${jobId} ${scheduledRunTime.getTime()}`);
    },
  };
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const outcomes: string[] = [];
  const settled = (event: CarillonEvent) => {
    if ('scheduledRunTime' in event) outcomes.push(`${event.jobId} ${event.scheduledRunTime.getTime()} ${event.type}`);
  };
  await scheduler.addListener(settled, ['job_executed', 'job_error', 'job_missed', 'job_max_instances']);
  const backend = (name: Fate['who'], index: number) => (who === name && index === 0 ? doomed : cluster.connect());
  for (const index of [0, 1]) {
    void new Coordinator({ backend: backend('coordinator', index), logger, lease: '1s' }).start().catch(() => {});
    void new Worker({ backend: backend('worker', index), logger, tasks, executors, lease: '1s' })
      .start()
      .catch(() => {});
    await clock.advance(0);
  }
  for (const id of JOBS) {
    const trigger = interval({ seconds: 1, startAt: new Date(1_000), endAt: new Date(4_000) });
    await scheduler.addJob({ id, task: 'note', trigger, coalesce: false, maxInstances: 10 });
  }
  // The enqueued run is delivered from the outbox. A claimed run has its delivery from the claim.
  await scheduler.enqueue('note', [], { at: new Date(2_000) });
  for (let s = 0; s < 24 && !(outcomes.length >= EVERY_FIRE.length && sweep(true, false)); s++)
    await clock.advance('1s');
  // Leases of one second decide when a run is lost or doubled.
  await clock.advance('3s');
  return { steps, struck, executed, outcomes, left: (await scheduler.getJobs()).jobs.length };
}

const FIRES = JOBS.flatMap((id) => [1_000, 2_000, 3_000, 4_000].map((fireTime) => `${id} ${fireTime}`));
const EVERY_FIRE = [...FIRES, 'null 2000'].sort();

const CALLS = {
  coordinator: [
    'acquire',
    'beginTerm',
    'extend',
    'due',
    'claim',
    'outbox',
    'assign',
    'add',
    'confirmQueued',
    'suspects',
  ],
  worker: ['join', 'consume', 'take', 'start', 'settle', 'finish', 'heartbeat', 'renew'],
} as const;

for (const who of ['coordinator', 'worker'] as const) {
  for (const how of ['killed', 'reply lost'] as const) {
    const promise = `every fire time is settled exactly once, whichever step a ${who} is struck at (${how})`;
    test(promise, { timeout: 600_000 }, async () => {
      const { steps } = await play({ who, step: null, how });
      const first = (place: string, index: number) => steps.indexOf(place) === index;
      const firsts = steps.flatMap((place, index) => (first(place, index) ? [index + 1] : []));
      const chosen = sweep(
        someOf(firsts, 2),
        steps.map((_, index) => index + 1),
      );
      for (const step of chosen) {
        const played = await play({ who, step, how });
        // Each play is the same until its fault.
        expect(played.struck, `step ${step}`).toBe(steps[step - 1]);
        const where = `${how} at step ${step}: ${played.struck}`;
        expect(played.outcomes.sort(), where).toEqual(EVERY_FIRE.map((fire) => `${fire} job_executed`));
        expect([...new Set(played.executed)].sort(), where).toEqual(EVERY_FIRE);
        // A run is executed twice only where a worker or its reply is lost.
        if (who === 'coordinator') expect(played.executed.length, where).toBe(EVERY_FIRE.length);
        expect(played.left, where).toBe(0);
      }
      const wanted = CALLS[who].flatMap((call) => [`${call} request`, `${call} reply`]);
      expect(wanted.filter((place) => !steps.includes(place))).toEqual([]);
    });
  }
}
