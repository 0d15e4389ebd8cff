import type { DamagedJob, DuePage, JobChange, PutOutcome, PutParams } from '@carillon/core/internal';
import type { Asked } from '../operations/intent.js';
import type { Note } from './acts.js';
import { type Decision, decide } from './decide.js';
import type { Effect, Fault, Fire, Reported } from './effect.js';
import { type Job, limitOf, owed, passed } from './job.js';
import { retryInWords, type Submission } from './run.js';

/** A call that was decided from an older reading of the store's clock than this is refused, ms. */
export const MAX_READING_AGE_MS = 10_000;
/** The longest time that a job is held, ms: its holder may die. */
const MAX_HOLD_MS = 8_000;
/** The oldest reading from which a client may guess the store's time, ms; its own clock may have jumped since. */
const MAX_GUESS_MS = 1_000;

/** The `why` of a job whose trigger failed at random. */
const WHY = 'the trigger cannot be planned: this trigger fails at random';

/** Kinds of intents that act on single jobs. */
const OF_JOBS = new Set<string>([
  'add',
  'modify',
  'pause',
  'resume',
  'remove',
  'remove with runs',
  'run',
] satisfies Asked['intent']['kind'][]);

/** How fire times ended that had no run. */
export interface FireCounts {
  coalesced: number;
  missed: number;
}

/**
 * Keeps every job as it should be, by the intents and when they took effect, and accounts for every fire time. Each must be
 * published once, in order: as part of a run, coalesced, missed, or beyond the job's instances.
 */
export class Jobs {
  readonly counts: FireCounts = { coalesced: 0, missed: 0 };
  isPaused = false;
  readonly #fault: Fault;
  readonly #note: Note;
  readonly #isFragile: (jobId: string) => boolean;
  readonly #jobs = new Map<string, Job>();
  readonly #tombstones = new Map<string, Job['trigger']>();
  /** The `op` of each put that was done. */
  readonly #done = new Set<string>();
  /** By asking: its expected results, for each reading of it; and whether it took effect. */
  readonly #readings = new Map<Asked, Decision[][]>();
  readonly #took = new Set<Asked>();
  /** By asking: the jobs as they were read. */
  readonly #read = new Map<Asked, Job[]>();
  /** Until when a change in progress keeps jobs from firing. */
  readonly #held = new Map<string, number>();
  /** How often each job was changed, by id, and how often it was by each `rev`. */
  readonly #changes = new Map<string, number>();
  readonly #changesBy = new Map<string, number>();
  /** Jobs whose last fire time a claim took. */
  readonly #ended = new Set<string>();

  constructor(fault: Fault, note: Note, isFragile: (jobId: string) => boolean) {
    this.#isFragile = isFragile;
    this.#fault = fault;
    this.#note = note;
  }

  get all(): ReadonlyMap<string, Job> {
    return this.#jobs;
  }

  read({ params, asked, at }: Effect): void {
    if (!asked || !Array.isArray(params)) return;
    const readings = this.#readings.get(asked) ?? [];
    readings.push(params.map((id: string) => this.#decide(asked, id, at)));
    this.#readings.set(asked, readings);
    const jobs = params.flatMap((id: string) => this.#jobs.get(id) ?? []);
    this.#read.set(asked, [...(this.#read.get(asked) ?? []), ...jobs]);
  }

  /** The jobs that an asking read. */
  readBy(asked: Asked): readonly Job[] {
    return this.#read.get(asked) ?? [];
  }

  /** 0 if the job is not held. */
  heldUntil(id: string): number {
    return this.#held.get(id) ?? 0;
  }

  hold({ params, at, asked }: Effect): void {
    const { ids, ms } = params as { readonly ids: readonly string[]; readonly ms: number };
    if (!asked) this.#fault('jobs were held, and no call had asked for that');
    if (ms > MAX_HOLD_MS) this.#fault(`jobs were held for ${ms} ms`);
    if (ms > 0) this.#note('held');
    for (const id of ids) this.#held.set(id, ms > 0 ? at + ms : 0);
  }

  put({ params, answer, asked, at, events }: Effect): void {
    const { op, readAt, changes } = params as PutParams;
    const outcome = answer as PutOutcome;
    const expected: Partial<Reported>[] = [];
    const made = outcome.status === 'done' ? changes.filter((_, place) => !outcome.left.includes(place)) : [];
    if (outcome.status === 'done' && changes.some((change) => isNew(change) && !made.includes(change)))
      this.#fault('of new jobs some were added and some were not');
    if (made.length > 0 && !this.#done.has(op)) {
      this.#done.add(op);
      if (!asked) this.#fault('a job was changed, and no call had asked for that');
      if (at - readAt > MAX_READING_AGE_MS || readAt - at > MAX_GUESS_MS) {
        this.#fault(`a change took effect that was decided ${at - readAt} ms ago`);
      }
      if (asked) {
        this.#took.add(asked);
        for (const change of made) expected.push(...this.#change(asked, change, readAt));
      }
    }
    this.#compare(events, expected);
  }

  /** Checks what an asking returned to its caller: the error `code`, or null if it succeeded. */
  ended(asked: Asked, code: string | null): void {
    const readings = this.#readings.get(asked) ?? [];
    const { kind } = asked.intent;
    if (code === 'CONNECTION' || !OF_JOBS.has(kind)) return;
    const wasNone = readings.some((decisions) => decisions.every((decision) => decision.kind === 'none'));
    if (code === null) {
      const isJustified = kind === 'run' || this.#took.has(asked) || wasNone;
      if (!isJustified) this.#fault(`asking ${asked.n} (${kind}) succeeded and changed nothing`);
      return;
    }
    const wasRefused = readings.flat().some((decision) => decision.kind === 'refused' && decision.code === code);
    if (wasRefused || (kind === 'run' && code === 'MAX_INSTANCES')) return;
    if (code === 'INVALID_TRIGGER' && readings.length === 0) return;
    this.#fault(`asking ${asked.n} (${kind}) was refused for no reason: ${code}`);
  }

  /** Notes to which change of a job each `rev` that a leader reads belongs. */
  due({ jobs }: DuePage): void {
    for (const { id, rev } of jobs) this.#changesBy.set(`${id} ${rev}`, this.#changes.get(id) ?? 0);
  }

  /** Jobs that could not be planned, and did not change since they were read, are set aside: only they, and each is published. */
  quarantined({ params, events }: Effect): void {
    const { jobs } = params as { readonly jobs: readonly DamagedJob[] };
    const due = jobs.filter(({ id, dueAt }) => this.#jobs.get(id)?.pending?.dueAt === dueAt);
    const gone = due.filter(({ id, rev }) => this.#changesBy.get(`${id} ${rev}`) === (this.#changes.get(id) ?? 0));
    if (gone.length < due.length) this.#note('changed before it was set aside');
    for (const { id } of jobs) if (!this.#isFragile(id)) this.#fault(`job ${id} is set aside for no reason`);
    for (const { id } of gone) {
      this.#note('set aside');
      this.#jobs.delete(id);
    }
    const reported = (id: string) => ({ type: 'job_quarantined', record: 'job', id, why: WHY });
    this.#compare(
      events,
      gone.map(({ id }) => reported(id)),
    );
  }

  /** Returns the job that was claimed, which must exist and be able to fire. */
  firing(id: string, now: number): Job | null {
    const job = this.#jobs.get(id) ?? null;
    if (this.heldUntil(id) > now) this.#fault(`job ${id} was claimed while it was held`);
    if (this.isPaused) this.#fault(`job ${id} was claimed while the store is paused`);
    if (!job?.pending) this.#fault(`job ${id} was claimed, and ${job ? 'is paused' : 'is not there'}`);
    return job;
  }

  /** Accounts for the fire times of a run, entered or refused. Returns them, oldest first. */
  fired(job: Job, { scheduledRunTimes = [], coalesced }: Submission, now: number): Fire[] {
    if (coalesced) this.counts.coalesced += this.#upTo(job, coalesced.first, coalesced.last, now).length;
    if (coalesced && !job.coalesce) this.#fault(`job ${job.id} coalesced fire times, which it does not`);
    const fires = scheduledRunTimes.map((fireTime) => this.#consume(job, fireTime, now));
    if (job.coalesce && fires.length !== 1)
      this.#fault(`job ${job.id}: ${fires.length} fire times in a run, coalesced`);
    return fires;
  }

  /** Checks the fire times that a claim missed. */
  missed(job: Job, reported: Reported | undefined, now: number): void {
    const { type, jobId, runId, first = Number.NaN, last = Number.NaN } = reported ?? {};
    if (type !== 'job_missed' || jobId !== job.id || runId !== null)
      this.#fault(`job ${job.id} missed fire times, reported as ${JSON.stringify(reported)}`);
    const fires = this.#upTo(job, first, last, now);
    this.counts.missed += fires.length;
    const newest = fires.at(-1);
    if (job.graceMs === null || !newest || newest.dueAt + job.graceMs >= now) {
      this.#fault(`job ${job.id} missed ${first} to ${last} though it was not too late`);
    }
  }

  finished(job: Job, reported: Reported | undefined): void {
    if (reported?.type !== 'job_removed' || reported.jobId !== job.id || reported.cause !== 'finished')
      this.#fault(`job ${job.id} finished, reported as ${JSON.stringify(reported)}`);
    if (this.#jobs.get(job.id)?.pending) this.#fault(`job ${job.id} finished though its trigger goes on`);
    if (this.#jobs.get(job.id)?.left === 0) this.#note("ended with its job's limit");
    if (job.replaceExisting) this.#tombstones.set(job.id, job.trigger);
    this.#ended.delete(job.id);
    this.#jobs.delete(job.id);
  }

  /** After a claim, no job may be left that has no fire time left. */
  checkNoneEnded(): void {
    for (const id of this.#ended) this.#fault(`job ${id} has no fire time left, and was not removed`);
    this.#ended.clear();
  }

  #upTo(job: Job, first: number, last: number, now: number): Fire[] {
    const fires: Fire[] = [];
    if (this.#jobs.get(job.id)?.pending?.fireTime !== first) this.#fault(`job ${job.id}: a range begins at ${first}`);
    for (let next = this.#jobs.get(job.id)?.pending; next && next.fireTime <= last; ) {
      fires.push(this.#consume(job, next.fireTime, now));
      next = this.#jobs.get(job.id)?.pending;
    }
    if (fires.at(-1)?.fireTime !== last)
      this.#fault(`job ${job.id}: a range ends at ${last}, which is not a fire time`);
    return fires;
  }

  /** Gives the pending fire time its outcome, and makes the next one pending. */
  #consume({ id }: Job, fireTime: number, now: number): Fire {
    const job = this.#jobs.get(id);
    const fire = job?.pending;
    if (!job || fire?.fireTime !== fireTime) {
      this.#fault(`job ${id}: ${fireTime} fired, ${fire?.fireTime ?? 'nothing'} was next`);
      return { fireTime, dueAt: fireTime };
    }
    if (fire.dueAt > now) this.#fault(`job ${id}: ${fireTime} fired ${fire.dueAt - now} ms before it was due`);
    const after = passed(job);
    this.#jobs.set(id, after);
    if (after.pending) this.#ended.delete(id);
    else this.#ended.add(id);
    return fire;
  }

  #decide(asked: Asked, id: string, now: number): Decision {
    const found = { job: this.#jobs.get(id) ?? null, tombstone: this.#tombstones.get(id) ?? null };
    return decide(asked.intent, id, found, now);
  }

  #change(asked: Asked, change: JobChange, readAt: number): readonly Partial<Reported>[] {
    const { id } = change;
    this.#changes.set(id, (this.#changes.get(id) ?? 0) + 1);
    if (this.#held.delete(id)) this.#note('changed while it was held');
    const decision = this.#decide(asked, id, readAt);
    if (decision.kind !== 'becomes') {
      this.#fault(`job ${id} was changed (asking ${asked.n}), though nothing was to come of that: ${decision.kind}`);
      return [];
    }
    const before = this.#jobs.get(id);
    const job =
      decision.job && before && this.#isLimitKept(asked, change, before)
        ? { ...decision.job, left: before.left }
        : decision.job;
    for (const what of differences(change, job, before)) this.#fault(`job ${id} (asking ${asked.n}): ${what}`);
    if (before && owed(before, readAt)?.isDelayed) this.#note('changed while jitter delayed it');
    this.counts.missed += decision.events
      .flatMap((reported) => (reported.type === 'job_missed' ? rangeOf(before, reported) : 0))
      .reduce((sum, count) => sum + count, 0);
    if (decision.tombstone) this.#tombstones.set(id, decision.tombstone);
    else this.#tombstones.delete(id);
    if (job) this.#jobs.set(id, job);
    else this.#jobs.delete(id);
    return decision.events;
  }

  /** Whether an asking, as it read the job, sets the limit that is there: it stays, though the job has fired since. */
  #isLimitKept(asked: Asked, { id, expected }: JobChange, before: Job): boolean {
    const isWhateverFires = 'dueAt' in expected && expected.dueAt === 'any';
    const asRead = (this.#readings.get(asked) ?? []).flat().map((one) => (one.kind === 'becomes' ? one.job : null));
    const limit = JSON.stringify(limitOf(before));
    return isWhateverFires && asRead.some((job) => job?.id === id && JSON.stringify(limitOf(job)) === limit);
  }

  #compare(events: readonly Reported[], expected: readonly Partial<Reported>[]): void {
    const seen = events.map((reported, index) => pick(reported, expected[index] ?? {}));
    if (JSON.stringify(seen) !== JSON.stringify(expected.map((reported) => pick(reported, reported)))) {
      this.#fault(`published ${JSON.stringify(events)}, expected ${JSON.stringify(expected)}`);
    }
    if (events.length !== expected.length)
      this.#fault(`published ${events.length} events, expected ${expected.length}`);
  }
}

function rangeOf(job: Job | undefined, { first = 0, last = 0 }: Partial<Reported>): number {
  let count = 1;
  for (let next = job?.times.next(first) ?? null; next !== null && next <= last; next = job?.times.next(next) ?? null) {
    count += 1;
  }
  return count;
}

function pick(reported: Partial<Reported>, like: Partial<Reported>): object {
  return Object.fromEntries(Object.keys(like).map((key) => [key, reported[key as keyof Reported]]));
}

function writtenLimit({ lastFireTime, runsLeft }: { lastFireTime?: number; runsLeft?: number }) {
  if (lastFireTime !== undefined) return { last: lastFireTime };
  return runsLeft === undefined ? null : { left: runsLeft };
}

const isNew = ({ expected, record }: JobChange) => expected.rev === null && record !== null;

/** Returns how the written record differs from the expected job. `before`: the job until then. */
function differences({ record }: JobChange, job: Job | null, before: Job | undefined): string[] {
  if (!record || !job) return Boolean(record) === Boolean(job) ? [] : [`is ${record ? 'kept' : 'removed'}`];
  const next = record.pending === 'kept' ? before?.pending : record.pending;
  const written = JSON.parse(record.json);
  const compared: [string, unknown, unknown][] = [
    ['task', written.task, job.task],
    ['arguments', written.args?.[0]?.n, job.play.n],
    ['trigger', JSON.stringify(written.trigger), JSON.stringify(job.trigger)],
    ['executor', written.executor ?? 'default', job.executor],
    ['priority', written.priority ?? 0, job.priority],
    ['maxInstances', written.maxInstances ?? 1, job.maxInstances],
    ['grace', written.misfireGraceMs ?? null, job.graceMs],
    ['coalesce', written.coalesce ?? true, job.coalesce],
    ['overlap', written.overlap ?? 'skip', job.overlap],
    ['timeout', written.timeoutMs ?? null, job.timeoutMs],
    ['history', written.history?.perJob ?? null, job.perJob],
    ['retries', retryInWords(written.retry), retryInWords(job.retry)],
    ['maxRuns', written.maxRuns ?? null, job.maxRuns],
    ['limit', JSON.stringify(writtenLimit(written)), JSON.stringify(limitOf(job))],
    ['replaceExisting', written.replaceExisting ?? false, job.replaceExisting],
    ['anchor', written.anchor ?? job.anchor, job.anchor],
    ['next fire time', next?.fireTime ?? null, job.pending?.fireTime ?? null],
    ['next fire', next?.dueAt ?? null, job.pending?.dueAt ?? null],
  ];
  return compared.flatMap(([what, is, expected]) =>
    is === expected ? [] : [`its ${what} is ${is}, and should be ${expected}`],
  );
}
