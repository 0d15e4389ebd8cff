import { cron, date, interval, type Trigger } from '@carillon/core';
import type { Dice } from '../dice.js';
import type { Asking, NewJob, Play, Retry, Sketch } from './intent.js';

const JOB_IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
export const EXECUTORS = ['default', 'other'];
const TASKS = ['alpha', 'beta'];
const CRONS = ['* * * * * *', '*/2 * * * * *', '*/3 * * * * *', '1,4,5,30 * * * * *', '*/7 */2 * * * *'];

const OVERLAPS = ['skip', 'queue', 'queue', 'replace', 'replace'] as const;
const ALWAYS = 1_000;

/** Draws jobs for producers, and changes of them. */
export class Sketches {
  readonly #dice: Dice;
  readonly #ids: readonly string[];
  /** The longest interval of a trigger, ms: some fire times, and time for other things. */
  readonly #slowest: number;
  /** The share of calls that do not end by themselves. */
  readonly #hangs: number;
  /** The share of tasks that a worker lacks, as during a deployment. */
  readonly #lacking: number;
  /** How long no worker may have a task before its runs are errors, ms. */
  readonly patienceMs: number;
  /** The share of triggers that have jitter. */
  readonly #jitters: number;
  /** The jobs so far, for a producer that deploys them again. */
  readonly #jobs: NewJob[] = [];
  #count = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#ids = JOB_IDS.slice(0, dice.between(1, JOB_IDS.length));
    this.#slowest = dice.pick([1_500, 4_000]);
    this.#hangs = dice.pick([0, 0.05, 0.1]);
    this.#lacking = dice.pick([0, 0, 0.2, 0.5]);
    this.patienceMs = dice.pick([500, 2_000, 4_000]);
    this.#jitters = dice.pick([0.1, 0.3, 0.8]);
  }

  id(): string {
    return this.#dice.pick(this.#ids);
  }

  job(now: number, id = this.id()): NewJob {
    const { task, play } = this.call();
    const trigger = this.#dice.happens(0.05) ? {} : { trigger: this.trigger(now) };
    const replaceExisting = this.#dice.happens(0.4) ? { replaceExisting: true } : {};
    const limit = this.#dice.happens(0.3) ? { maxRuns: this.#dice.between(1, 8) } : {};
    const job = {
      id,
      task,
      play,
      ...trigger,
      ...limit,
      ...this.#policy(0.5),
      ...this.#next(now, 0.1),
      ...replaceExisting,
    };
    this.#jobs.push(job);
    return job;
  }

  /** A job that was asked for before, as a deploy asks for it again: the same, or with another call. */
  redeployed(now: number): NewJob {
    const recent = this.#jobs.slice(-6);
    if (recent.length === 0) return this.job(now);
    const { trigger, ...job } = this.#dice.pick(recent);
    const sameTrigger = trigger ? { trigger } : {};
    return { ...job, ...(this.#dice.happens(0.2) ? this.call() : {}), ...sameTrigger, replaceExisting: true };
  }

  /** Returns new values for some members of a job. */
  changes(now: number): Sketch {
    const dice = this.#dice;
    return {
      ...(dice.happens(0.6) ? this.call() : {}),
      ...(dice.happens(0.2) ? { trigger: this.trigger(now) } : {}),
      ...(dice.happens(0.15) ? { maxRuns: dice.pick([null, dice.between(1, 8)]) } : {}),
      ...this.#policy(0.25),
      ...this.#next(now, 0.15),
    };
  }

  call(): { readonly task: string; readonly play: Play } {
    const dice = this.#dice;
    this.#count += 1;
    const ms = dice.pick([0, dice.between(1, 300), dice.between(300, 2_500), dice.between(300, 5_000)]);
    const hangs = dice.happens(this.#hangs);
    const fails = dice.pick([0, 0, 0, 0, 0, 0, 0, 1, 2, ALWAYS]);
    // A task that always fails, and says when, would be retried a hundred times.
    const when = fails === ALWAYS ? null : dice.between(-500, 2_000);
    const play = {
      n: this.#count,
      ms,
      hangs,
      fails,
      says: dice.happens(0.3) ? dice.pick(['never' as const, when]) : null,
      deaf: dice.happens(0.4),
    };
    return { task: dice.pick(TASKS), play };
  }

  /** The tasks of a worker that is starting. */
  tasksOfWorker(): string[] {
    return TASKS.filter(() => !this.#dice.happens(this.#lacking));
  }

  /** Draws a retry policy with few attempts and short delays. */
  retry(): Retry {
    const dice = this.#dice;
    const attempts = dice.between(1, 4);
    if (dice.happens(0.2)) return { attempts };
    const delay = dice.pick([0, dice.between(1, 300), dice.between(300, 2_000)]);
    return {
      attempts,
      delay,
      ...(dice.happens(0.5) ? { type: dice.pick(['fixed', 'exponential']) } : {}),
      ...(dice.happens(0.5) ? { maxDelay: Math.max(1, delay + dice.between(0, 1_000)) } : {}),
      ...(dice.happens(0.3) ? { jitter: dice.pick([0.2, 0.5, 1]) } : {}),
    };
  }

  /** How long a producer waits for a result; undefined if it does not wait. */
  wait(): number | undefined {
    const dice = this.#dice;
    return dice.happens(0.4) ? dice.between(1, 5_000) : undefined;
  }

  timeout(): number {
    const dice = this.#dice;
    return dice.pick([dice.between(1, 300), dice.between(300, 2_500)]);
  }

  /** How a run without a job is executed. */
  execution() {
    const dice = this.#dice;
    return {
      executor: this.executor(),
      ...(dice.happens(0.2) ? { priority: this.#priority() } : {}),
      ...(dice.happens(0.3) ? { retry: this.retry() } : {}),
      ...(dice.happens(0.3) ? { timeout: this.timeout() } : {}),
    };
  }

  /** When a run without a job is asked for, and its key: always the same, to have duplicates. */
  asking(now: number): Asking {
    const dice = this.#dice;
    const when = dice.weighted({ now: 5, delay: 3, at: 2 });
    return {
      ...(when === 'delay' ? { delay: dice.between(0, 4_000) } : {}),
      ...(when === 'at' ? { at: now + dice.between(-2_000, 4_000) } : {}),
      ...(dice.happens(0.2) ? { misfireGraceTime: dice.pick([null, dice.between(0, 3_000)]) } : {}),
      ...(dice.happens(0.6) ? { dedupe: { key: 'k', for: dice.between(1, 20_000) } } : {}),
    };
  }

  executor(): string {
    return this.#dice.pick(EXECUTORS);
  }

  trigger(now: number): Trigger {
    const dice = this.#dice;
    const jitter = dice.happens(this.#jitters) ? { jitter: dice.between(1, dice.pick([1_500, 4_000])) } : {};
    switch (dice.weighted({ interval: 6, date: 2, cron: 2 })) {
      case 'date':
        return date(new Date(round(now + dice.between(-500, 6_000))));
      case 'cron':
        return cron(dice.pick(CRONS), { timezone: 'UTC', ...jitter });
      case 'interval': {
        const milliseconds = dice.pick([500, 1_000, dice.between(200, this.#slowest)]);
        const startAt = round(now + dice.between(-4_000, 2_000));
        const window = dice.happens(0.4) ? { startAt: new Date(startAt) } : {};
        // A trigger that ends before it starts is refused.
        const end = dice.happens(0.15) ? { endAt: new Date(Math.max(startAt, now + dice.between(1_000, 9_000))) } : {};
        return interval({ milliseconds, ...window, ...end, ...jitter });
      }
    }
  }

  #policy(probability: number): Sketch {
    const dice = this.#dice;
    return {
      ...(dice.happens(probability) ? { maxInstances: dice.between(1, 3) } : {}),
      ...(dice.happens(probability) ? { coalesce: dice.happens(0.4) } : {}),
      ...(dice.happens(probability / 2) ? { executor: this.executor() } : {}),
      ...(dice.happens(probability / 2) ? { priority: this.#priority() } : {}),
      ...(dice.happens(probability / 2) ? { timeout: dice.happens(0.2) ? null : this.timeout() } : {}),
      ...(dice.happens(probability / 2) ? { history: dice.pick([null, { perJob: dice.between(1, 4) }]) } : {}),
      ...(dice.happens(probability) ? { overlap: dice.pick(OVERLAPS) } : {}),
      ...(dice.happens(probability) ? { retry: dice.happens(0.2) ? null : this.retry() } : {}),
      ...(dice.happens(probability) ? { misfireGraceTime: dice.pick([null, dice.between(0, 3_000)]) } : {}),
    };
  }

  #priority(): number {
    return this.#dice.pick([0, 1, 1, 7]);
  }

  #next(now: number, probability: number): Sketch {
    const dice = this.#dice;
    if (!dice.happens(probability)) return {};
    return { nextRunTime: dice.pick([null, round(now - dice.between(0, 2_000)), now + dice.between(0, 3_000)]) };
  }
}

/** Rounds a time, as people do: the same fire time then occurs under several triggers. */
function round(time: number): number {
  return Math.floor(time / 500) * 500;
}
