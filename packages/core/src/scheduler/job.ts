import type { By } from '../by.js';
import type { JobDefinition } from '../job/definition.js';
import { showFields } from '../job/field-values.js';
import { decodeLastRun, type LastRun } from '../job/last-run.js';
import { type LastSuccess, lastSuccessOf } from '../job/last-success.js';
import { compileUnlimited, runsLeft } from '../job/limit.js';
import type { RetryPolicy } from '../job/retry.js';
import type { JobChanges } from '../job/spec.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { Overlap } from '../ports/ledger.js';
import { type Preview, type PreviewOptions, preview, type Trigger } from '../trigger/index.js';
import type { JobState } from './job-state.js';
import type { RunHandle } from './run-handle.js';

type Removal = By & { readonly cancelRuns?: boolean | undefined };

/** The methods of a job: those of the Scheduler, for this job. */
export interface JobActions<T> {
  modify(id: string, changes: JobChanges<T>, by: By): Promise<Job<T>>;
  reschedule(id: string, trigger: Trigger, by: By): Promise<Job<T>>;
  pause(id: string, by: By): Promise<Job<T>>;
  resume(id: string, by: By): Promise<Job<T>>;
  remove(id: string, options: Removal): Promise<void>;
  run(id: string, by: By): Promise<RunHandle>;
}

/** A job, as it was read or written. */
export class Job<T> {
  readonly id: string;
  readonly jobStore: string;
  /**
   * Grows with each change of the job, and not when it fires. It is passed as `ifRevision` to a later change. null if this is the
   * result of a change; read the job for its revision.
   */
  readonly revision: number | null;
  readonly name: string;
  /** Sorted. */
  readonly tags!: readonly string[];
  readonly description!: string | null;
  readonly task!: string;
  readonly args!: readonly JsonValue[];
  readonly kwargs!: JsonObject | undefined;
  readonly trigger!: Trigger;
  /** The zone in which its trigger computes wall-clock times; undefined if it needs none. */
  readonly timezone!: string | undefined;
  readonly executor!: string;
  readonly maxInstances!: number;
  /** Milliseconds; null means no limit. */
  readonly misfireGraceTime!: number | null;
  readonly coalesce!: boolean;
  readonly overlap!: Overlap;
  readonly priority!: number;
  /** Milliseconds; null means no limit. */
  readonly timeout!: number | null;
  /** Durations in ms; null if what fails is not tried again. */
  readonly retry!: RetryPolicy | null;
  /** The age in ms; null if only what `lastRun` shows is kept. */
  readonly history!: { readonly perJob: number; readonly age: number } | null;
  /** How much of its past is kept, the age in ms; null if it has the limits of the job store. */
  readonly account!: { readonly entries: number; readonly age: number } | null;
  /** The number of fire times after which it ends, as given; null if it ends with its trigger. */
  readonly maxRuns!: number | null;
  readonly replaceExisting!: boolean;
  /** Whether metrics report it by its id. */
  readonly metrics!: boolean;
  /** The next fire time; null while the job is paused, and when it has finished. */
  readonly nextRunTime: Date | null;
  /** When that fire time is due: later than `nextRunTime` by its jitter. */
  readonly dueTime: Date | null;
  readonly paused: boolean;
  readonly finished: boolean;
  readonly lastRun: LastRun | null;
  /**
   * The last execution that succeeded, also if later ones failed; null if there was none, or the job store forgot it: see
   * `docs/runs.md`.
   */
  readonly lastSuccess: LastSuccess | null;
  readonly #actions: JobActions<T>;
  readonly #definition: JobDefinition;

  constructor({ id, jobStore, revision, definition, pending, last, finished }: JobState, actions: JobActions<T>) {
    this.id = id;
    this.jobStore = jobStore;
    this.revision = revision;
    showFields(definition, this);
    this.name = definition.name ?? id;
    this.nextRunTime = pending && new Date(pending.fireTime);
    this.dueTime = pending && new Date(pending.dueAt);
    this.finished = finished;
    this.paused = !pending && !finished;
    this.lastRun = decodeLastRun(last);
    this.lastSuccess = lastSuccessOf(last);
    this.#actions = actions;
    this.#definition = definition;
  }

  /** Returns how many of its `maxRuns` fire times were left when it was read, including the next one; null if it has no limit. */
  runsLeft(): number | null {
    if (this.finished) return this.maxRuns === null ? null : 0;
    return runsLeft(this.id, this.#definition, this.nextRunTime?.getTime() ?? null);
  }

  /**
   * Returns the next fire times, from the next run time on, and what clock changes do to its trigger. For a paused job, they are those
   * that it would have if it were resumed now. Counts as `preview` does.
   */
  preview({ after = new Date(), count = 10 }: Pick<PreviewOptions, 'after' | 'count'> = {}): Preview {
    const { trigger, timezone, anchor, lastFireTime, runsLeft: left } = this.#definition;
    const first = this.nextRunTime && this.nextRunTime > after ? this.nextRunTime : null;
    const from = this.nextRunTime && this.nextRunTime > after ? this.nextRunTime : after;
    const options = { jobId: this.id, timezone, now: new Date(anchor) };
    const named = preview(trigger, { ...options, after: from, count });
    const all = this.finished ? [] : [...(first ? [first] : []), ...named.fireTimes];
    const fireTimes = all.filter((at) => lastFireTime === null || at.getTime() <= lastFireTime);
    return { fireTimes: fireTimes.slice(0, Math.min(count, left ?? count)), warnings: named.warnings };
  }

  /** Returns how many ms after a fire time its fire is due: the jitter, which every process computes alike. */
  delay(fireTime: Date): number {
    // A next run time that a caller set has no jitter.
    if (this.dueTime && fireTime.getTime() === this.nextRunTime?.getTime()) {
      return this.dueTime.getTime() - fireTime.getTime();
    }
    return compileUnlimited(this.id, this.#definition).delay(fireTime);
  }

  modify(changes: JobChanges<T>, by: By = {}): Promise<Job<T>> {
    return this.#actions.modify(this.id, changes, by);
  }

  reschedule(trigger: Trigger, by: By = {}): Promise<Job<T>> {
    return this.#actions.reschedule(this.id, trigger, by);
  }

  pause(by: By = {}): Promise<Job<T>> {
    return this.#actions.pause(this.id, by);
  }

  resume(by: By = {}): Promise<Job<T>> {
    return this.#actions.resume(this.id, by);
  }

  /** Removes the job. Its runs continue, unless `cancelRuns` is set. */
  remove(options: Removal = {}): Promise<void> {
    return this.#actions.remove(this.id, options);
  }

  /** Runs the job now, in addition to its trigger. */
  run(by: By = {}): Promise<RunHandle> {
    return this.#actions.run(this.id, by);
  }
}
