import { lengthText } from '../../duration-text.js';
import type { Run } from '../../run/run.js';
import type { Revision } from '../revision.js';
import { causesOf, causeText } from './causes.js';
import type { Cause, Evidence, Explanation } from './explanation.js';
import { dueAtOf, evidenceOf, type QueueNow, type Subject, zoneOfRevision } from './subject.js';
import { type Course, courseOf, runEvidence } from './trace.js';
import { because, sentence, timeText } from './words.js';

/** Says for a fire time that is not claimed yet that it will fire, or what it waits for. */
export function explainPending(subject: Subject, revision: Revision): Explanation {
  const { instant, timeline } = subject;
  const zone = zoneOfRevision(revision);
  const dueAt = dueAtOf(revision, instant);
  const evidence: Evidence = { ...evidenceOf(subject, revision), dueTime: new Date(dueAt) };
  const obstacles = obstaclesOf(subject, revision);
  const isPaused = obstacles.some(({ kind }) => kind === 'store_paused');
  const delay = dueAt > instant ? ` (due at ${timeText(dueAt, zone)}, by its jitter)` : '';
  if (instant > timeline.now) {
    const parts = [`It will run at ${timeText(instant, zone)}${delay}.`, obstacleText(obstacles)];
    return {
      instant: new Date(instant),
      code: 'will_fire',
      sentence: sentence(parts),
      evidence: { ...evidence, ...causesIn(obstacles) },
    };
  }
  const late = timeline.now - dueAt;
  if (late < 0) {
    const text = `its jitter delays the fire by ${lengthText(dueAt - instant)}, until ${timeText(dueAt, zone)}`;
    const causes: Cause[] = [{ kind: 'jitter', from: new Date(instant), to: new Date(dueAt), text }, ...obstacles];
    const first = `It has not run at ${timeText(instant, zone)} yet: ${text}.`;
    return {
      instant: new Date(instant),
      code: 'waiting',
      sentence: sentence([first, obstacleText(obstacles)]),
      evidence: { ...evidence, causes },
    };
  }
  const since = causesOf(subject.store, revision.definition.executor, { from: dueAt, to: timeline.now }, zone);
  const causes = [...obstacles, ...since.filter(({ kind }) => kind === 'no_leader')];
  const first = `It has not run at ${timeText(instant, zone)} yet: the leader has not claimed it, and it has been due for ${lengthText(late)}.`;
  return {
    instant: new Date(instant),
    code: isPaused ? 'store_paused' : 'waiting',
    sentence: sentence([first, obstacleText(obstacles), causeText(since.filter(({ kind }) => kind === 'no_leader'))]),
    evidence: { ...evidence, ...causesIn(causes) },
  };
}

/** Says for a fire time whose run is owed what the run waits for. */
export function explainLive(
  subject: Subject,
  revision: Revision,
  run: Extract<Run, { readonly cancelling: boolean }>,
): Explanation {
  const { instant, timeline, trace } = subject;
  const zone = zoneOfRevision(revision);
  const course = trace && courseOf(trace, instant);
  const cause = causeOf(run, revision, course, zone);
  const obstacles = liveObstacles(subject, revision, run.state, course?.workerId ?? null);
  const holders = run.state === 'waiting' ? subject.holders : [];
  const parts = [
    `It has not finished its run of ${timeText(instant, zone)}: run ${run.runId} ${cause.text}.`,
    run.cancelling ? 'It is being cancelled.' : null,
    obstacleText(obstacles),
    `It was due ${lengthText(Math.max(0, timeline.now - dueAtOf(revision, instant)))} ago.`,
  ];
  const evidence: Evidence = {
    ...evidenceOf(subject, revision),
    dueTime: new Date(dueAtOf(revision, instant)),
    ...(trace && course && { run: runEvidence(trace, course, false) }),
    ...(holders.length > 0 && {
      holders: holders.map(({ fireTime, runId }) => ({ fireTime: new Date(fireTime), runId })),
    }),
    causes: [cause, ...obstacles],
  };
  return { instant: new Date(instant), code: 'waiting', sentence: sentence(parts), evidence };
}

/** What keeps a run from going on: a lack of workers, or the worker that has it. */
function liveObstacles(
  subject: Subject,
  revision: Revision,
  state: Run['state'],
  workerId: string | null,
): readonly Cause[] {
  const ofWorkers = () =>
    obstaclesOf(subject, revision).filter(({ kind }) => kind !== 'store_paused' && kind !== 'no_leader');
  if (state === 'queued' || state === 'scheduled') return ofWorkers();
  const silence = state === 'running' && workerId !== null ? subject.storeNow?.silent.get(workerId) : undefined;
  if (!silence) return [];
  const text = `worker ${workerId} has shown no sign of life for ${lengthText(silence.forMs)}: the run goes to another worker once the lease of ${lengthText(silence.leaseMs)} is over`;
  return [{ kind: 'worker_silent', from: null, to: null, text }, ...ofWorkers()];
}

function causeOf(
  run: Extract<Run, { readonly cancelling: boolean }>,
  { definition }: Revision,
  course: Course | null,
  zone: string,
): Cause {
  const { startedAt = null, workerId = null, failed = [] } = course ?? {};
  const from = startedAt === null ? null : new Date(startedAt);
  const on = workerId === null ? '' : ` on worker ${workerId}`;
  switch (run.state) {
    case 'waiting':
      return { kind: 'instances', from: null, to: null, text: 'waits until one of the live runs of the job ends' };
    case 'retrying': {
      const { error } = failed.at(-1) ?? {};
      const how = error ? ` (${error.name}: ${error.message})` : '';
      const at = run.retryAt === null ? 'later' : `at ${timeText(run.retryAt.getTime(), zone)} or later`;
      return {
        kind: 'retry',
        from,
        to: run.retryAt,
        text: `failed at attempt ${run.attempt}${how}, and is tried again ${at}`,
      };
    }
    case 'running':
      return {
        kind: 'running',
        from,
        to: null,
        text: `is running${on}${from ? ` since ${timeText(from.getTime(), zone)}` : ''}`,
      };
    default:
      return {
        kind: 'queue',
        from: null,
        to: null,
        text: `waits in the queue of executor "${definition.executor}" for a worker`,
      };
  }
}

/** The present obstacles to a fire. */
function obstaclesOf({ storeNow, store }: Subject, { definition }: Revision): Cause[] {
  if (!storeNow) return [];
  const causes: Cause[] = [];
  if (storeNow.paused) {
    const pause = store.pauses.findLast(({ to }) => to === null);
    const zone = definition.timezone ?? 'UTC';
    const text = pause
      ? `${pause.actor ?? 'an unnamed caller'} paused the job store at ${timeText(pause.from, zone)}${because(pause.reason)}`
      : 'the job store is paused';
    causes.push({ kind: 'store_paused', from: pause ? new Date(pause.from) : null, to: null, text });
  }
  if (!storeNow.isLed)
    causes.push({ kind: 'no_leader', from: null, to: null, text: 'no coordinator leads the job store' });
  if (!storeNow.isServed) {
    const text = `no worker serves executor "${definition.executor}"`;
    causes.push({ kind: 'no_worker', from: null, to: null, text });
  } else if (!storeNow.hasTask) {
    const text = `no worker that serves executor "${definition.executor}" has task "${definition.task}"`;
    causes.push({ kind: 'no_task', from: null, to: null, text });
  } else if (storeNow.queue) {
    causes.push(...usedUp(storeNow.queue, definition.executor));
  }
  return causes;
}

/** The slots and limits of an executor that are used up, so that queued runs wait. */
function usedUp({ slots, taken, limits }: QueueNow, executor: string): Cause[] {
  const cause = (kind: Cause['kind'], text: string): Cause => ({ kind, from: null, to: null, text });
  const causes: Cause[] = [];
  const { globalConcurrency = null, rateLimit = null, limitedForMs = 0 } = limits ?? {};
  if (globalConcurrency !== null && taken >= globalConcurrency) {
    causes.push(
      cause(
        'global_concurrency',
        `as many runs of executor "${executor}" are under way as its globalConcurrency of ${globalConcurrency} allows`,
      ),
    );
  }
  if (rateLimit !== null && limitedForMs > 0) {
    const { max, durationMs } = rateLimit;
    const text = `the rateLimit of executor "${executor}" (${max} in ${lengthText(durationMs)}) lets none begin for ${lengthText(limitedForMs)}`;
    causes.push(cause('rate_limit', text));
  }
  if (taken >= slots) {
    const are = slots === 1 ? 'the one slot that workers have for executor' : `all ${slots} slots of executor`;
    causes.push(cause('slots', `${are} "${executor}" ${slots === 1 ? 'is' : 'are'} taken`));
  }
  return causes;
}

function obstacleText(causes: readonly Cause[]): string | null {
  return causes.length === 0 ? null : `In the way now: ${causes.map(({ text }) => text).join('; ')}.`;
}

function causesIn(causes: readonly Cause[]): Partial<Evidence> {
  return causes.length === 0 ? {} : { causes };
}
