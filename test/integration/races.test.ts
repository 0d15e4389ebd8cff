import { type CarillonEvent, type EventOf, interval, type Scheduler } from '@carillon/core';
import { expect, test } from 'vitest';
import type { CapturedEvents } from '../support/captured-events.js';
import { FireAccount } from '../support/fire-account.js';
import { newScheduler, nothingOwed, together } from '../support/in-process.js';

const STEPS = [70, 110, 200, 330];
const JOBS = Array.from({ length: 24 }, (_, index) => `job-${index}`);
const CLIENTS = 4;
/** The changes last at least this long, and until enough jobs were changed amid their fires and each outcome was seen. */
const CHANGING_MS = 8_000;
const ENDED = 100;
/** The least fire times that are refused for `maxInstances` while no call is under way. */
const REFUSED = 10;
/** The id of a change of all jobs. */
const ALL = '*';
const SEED = 20_261_122;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A call that changes a job, and when it was under way. */
interface Change {
  readonly jobId: string;
  readonly from: number;
  until: number;
}

type IsOver = () => boolean;

const expected = ['JOB_NOT_FOUND', 'CONFLICTING_ID'];

/** A client that pauses, resumes, reschedules, modifies, removes and adds jobs at random. */
async function meddle(scheduler: Scheduler, chance: () => number, isOver: IsOver, made: Change[]): Promise<number> {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(chance() * of.length)] as T;
  let done = 0;
  while (!isOver()) {
    const id = pick(JOBS);
    const step = pick(STEPS);
    const call = { task: `every.${step}`, trigger: interval({ milliseconds: step }) };
    const policy = {
      maxInstances: pick([1, 2]),
      coalesce: chance() < 0.5,
      misfireGraceTime: pick([null, 0, 50, 1_000]),
    };
    const change = { jobId: id, from: Date.now(), until: Number.POSITIVE_INFINITY };
    made.push(change);
    const calls = [
      () => scheduler.pauseJob(id),
      () => scheduler.resumeJob(id),
      () => scheduler.resumeJob(id),
      () => scheduler.modifyJob(id, { ...call, ...policy }),
      () => scheduler.modifyJob(id, policy),
      () => scheduler.removeJob(id),
      () => scheduler.addJob({ id, ...call, ...policy }),
      () => scheduler.addJob({ id, ...call, ...policy, replaceExisting: true }),
      () => scheduler.addJob({ id, ...call, ...policy, replaceExisting: true }),
    ];
    try {
      await pick(calls)();
      done++;
    } catch (error) {
      if (!expected.includes((error as { code: string }).code)) throw error;
    }
    change.until = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 60 * chance()));
  }
  return done;
}

/** Stops all firing again and again, so that fire times are owed. */
async function stopAndGo(scheduler: Scheduler, isOver: IsOver): Promise<void> {
  while (!isOver()) {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await scheduler.pause();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await scheduler.resume();
  }
}

/** The calls on this job that were under way in this time. Clocks and rounding may differ by 5 ms. */
function underWay(made: readonly Change[], id: string | null, first: number, last = first): readonly Change[] {
  return made.filter(
    ({ jobId, from, until }) => (jobId === id || jobId === ALL) && from <= last + 5 && first - 5 <= until,
  );
}

/**
 * Fire times whose missing event the account must notice. A call that was under way at a fire time may have read the job before:
 * without its event, nothing shows that there was a fire time.
 */
function refusedFires(events: CapturedEvents, made: readonly Change[]): readonly EventOf<'job_max_instances'>[] {
  return events
    .of('job_max_instances')
    .filter((event) => event.scheduledRunTimes.every((fire) => underWay(made, event.jobId, Number(fire)).length === 0));
}

/** Missed fire times that one event names as a range, which the account must notice, too. */
function missedRanges(events: CapturedEvents, made: readonly Change[]): readonly CarillonEvent[] {
  return events
    .of('job_missed')
    .filter(({ runId, first, last }) => runId === null && first < last)
    .filter(({ jobId, first, at }) => underWay(made, jobId, Number(first), Number(at)).length === 0);
}

function hasEnough(events: CapturedEvents, made: readonly Change[]): boolean {
  const { ended, counts } = new FireAccount(events.all);
  return (
    ended.length > ENDED &&
    Object.values(counts).every((count) => count > 0) &&
    refusedFires(events, made).length >= REFUSED &&
    missedRanges(events, made).length > 0
  );
}

test('changes that race claims leave no fire time without an outcome', async () => {
  const work = async () => {
    await new Promise((resolve) => setTimeout(resolve, 90));
    if (Date.now() % 5 === 0) throw new Error('now and then');
  };
  const tasks = Object.fromEntries(STEPS.map((step) => [`every.${step}`, work]));
  const { carillon, events, stored } = await together(tasks, { executors: { default: { concurrency: 30 } } });
  const made: Change[] = [];
  const earliest = Date.now() + CHANGING_MS;
  const isOver = () => Date.now() >= earliest && hasEnough(events, made);
  const clients = Array.from({ length: CLIENTS }, () => newScheduler(stored.prefix));
  const stopping = stopAndGo(newScheduler(stored.prefix), isOver);
  const done = await Promise.all(
    clients.map((client, index) => meddle(client, chanceFrom(SEED + index), isOver, made)),
  );
  await stopping;
  const changed = Date.now();
  await carillon.removeAllJobs();
  made.push({ jobId: ALL, from: changed, until: Date.now() });
  await nothingOwed(stored);
  await carillon.addJob({ id: 'last', task: 'every.70', nextRunTime: null });
  await events.first('job_added', ({ jobId }) => jobId === 'last');

  await events.upToDate();
  const account = new FireAccount(events.all);
  const reported = `seed ${SEED}, ${done} changes, ${JSON.stringify(account.counts)}`;
  expect(events.incomplete, reported).toEqual([]);
  expect(account.faults, reported).toEqual([]);
  expect(account.owed, reported).toEqual([]);
  // A change takes effect as it reads the job, which is after the call began: fires that were due before have an outcome.
  const early = ({ ended }: FireAccount) =>
    ended.filter(({ jobId, at, next }) => next <= Math.min(...underWay(made, jobId, at).map(({ from }) => from)) - 5);
  expect(early(account), reported).toEqual([]);
  expect(account.ended.length, reported).toBeGreaterThan(ENDED);
  for (const [outcome, count] of Object.entries(account.counts))
    expect(count, `${outcome}; ${reported}`).toBeGreaterThan(0);
  console.info(reported);

  // The account notices a missing outcome.
  const fires = events.all.filter(({ type }) => /^job_(submitted|executed|error|missed|max_instances)$/.test(type));
  const refused = refusedFires(events, made).slice(0, REFUSED);
  expect(refused.length).toBeGreaterThan(0);
  for (const lost of [...fires.filter((_, index) => index % 20 === 0), ...refused]) {
    const without = new FireAccount(events.all.filter((event) => event !== lost));
    const noticed = [...without.faults, ...without.owed, ...early(without)];
    const isClear = lost.type !== 'job_max_instances' || refusedFires(events, made).includes(lost);
    if (lost.type !== 'job_missed' && isClear) expect(noticed, JSON.stringify(lost)).not.toEqual([]);
  }
  const owed = missedRanges(events, made);
  const without = new FireAccount(events.all.filter((event) => !owed.some((one) => one === event)));
  expect([...without.faults, ...early(without)].length, `${owed.length} ranges`).toBeGreaterThan(0);
});
