import type { Contents } from '@carillon/core/memory';
import type { Note } from './acts.js';
import type { Fault, Reported } from './effect.js';
import type { Run } from './run.js';
import type { OutcomeCounts } from './runs.js';

/** How a run ended, as `getRun` must report it. */
export type RunEnd = 'executed' | 'error' | 'missed' | 'cancelled' | 'max_instances';

export interface EndedRun extends Pick<Run, 'outcomes'> {
  /** Its outcome is still known. */
  isKept: boolean;
  readonly how: RunEnd;
  /** When, by the store's clock. */
  readonly at: number;
}

interface Parts {
  readonly fault: Fault;
  readonly note: Note;
  readonly counts: OutcomeCounts;
  readonly contents: () => Pick<Contents, 'runs'>;
}

/**
 * Keeps the runs that are owed, by job: at most as many live ones as the job may have, and one that waits while there is no
 * room. `left`: published events that are not accounted for yet, in order.
 */
export class Instances {
  /** Runs that are neither settled nor over, including those that wait. */
  readonly all = new Map<string, Run>();
  /** How the runs ended that are over. */
  readonly ends = new Map<string, EndedRun>();
  readonly #parts: Parts;
  /** The runs of each job whose ends are known, oldest first. */
  readonly #histories = new Map<string, { readonly id: string; readonly at: number }[]>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The live runs of a job, in the order of their admission. */
  of(jobId: string): readonly Run[] {
    const runs: Run[] = [];
    for (const run of this.all.values()) if (run.jobId === jobId && !run.waits) runs.push(run);
    return runs.sort((one, other) => one.admittedAt - other.admittedAt);
  }

  /** The runs of a job whose ends are known, newest first. */
  history(jobId: string): readonly string[] {
    return (this.#histories.get(jobId) ?? []).map(({ id }) => id).reverse();
  }

  waitingOf(jobId: string): Run | null {
    for (const run of this.all.values()) if (run.jobId === jobId && run.waits) return run;
    return null;
  }

  /** Enters a run and checks its events. Returns its expected status. */
  enter(run: Run, at: number, left: Reported[]): 'submitted' | 'waiting' | 'max_instances' {
    const { jobId } = run;
    if (jobId === null || this.#hasRoom(run)) {
      this.#admit(run, at, left);
      return 'submitted';
    }
    if (run.policy.overlap === 'skip') {
      this.#refused(run, at, left);
      return 'max_instances';
    }
    const older = this.waitingOf(jobId);
    if (older) this.#parts.note('displaced by a newer one');
    if (older) this.#refused(older, at, left);
    this.#parts.note('waited for an instance');
    run.waits = true;
    this.all.set(run.id, run);
    if (run.policy.overlap === 'replace') this.#replace(jobId, at, left);
    return 'waiting';
  }

  /** Cancels a run and checks its events. Returns the expected answer. */
  cancel(run: Run, at: number, left: Reported[]): 'cancelled' | 'cancelling' {
    if (run.token !== null) {
      run.cancelled = true;
      return 'cancelling';
    }
    this.cancelRest(run, at, left);
    return 'cancelled';
  }

  /** Cancels the fire times that are left to a run, and ends it. */
  cancelRest(run: Run, at: number, left: Reported[]): void {
    for (; run.done < run.fires.length; run.done++) {
      const executionId = `${run.id}.${run.done}`;
      const reported = this.#expect({ type: 'job_cancelled', ...labelOf(run), executionId, ...fireOf(run) }, left);
      run.outcomes.push(reported);
      this.#parts.counts.cancelled += 1;
    }
    this.end(run, 'cancelled', at, left);
  }

  /** Ends a run. The run that waits is admitted if there is room. */
  end(run: Run, how: RunEnd, at: number, left: Reported[]): void {
    this.all.delete(run.id);
    const { outcomes, isKept } = run;
    this.ends.set(run.id, { how, outcomes, isKept, at });
    if (isKept && run.jobId !== null) this.#keep(run.jobId, run, at);
    const next = run.jobId === null ? null : this.waitingOf(run.jobId);
    if (!next || !this.#hasRoom(next)) return;
    this.#parts.note('admitted after that');
    this.#admit(next, at, left);
  }

  /** Puts a run into the history of its job, and forgets the oldest beyond its limit. */
  #keep(jobId: string, { id, policy }: Run, at: number): void {
    const history = [...(this.#histories.get(jobId) ?? []), { id, at }];
    history.sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
    const surplus = policy.perJob === null ? 0 : Math.max(0, history.length - policy.perJob);
    for (const old of history.splice(0, surplus)) {
      const end = this.ends.get(old.id);
      if (end) end.isKept = false;
    }
    this.#histories.set(jobId, history);
  }

  #hasRoom({ jobId, policy }: Run): boolean {
    return jobId === null || this.of(jobId).length < policy.maxInstances;
  }

  #admit(run: Run, at: number, left: Reported[]): void {
    this.#expect({ type: 'job_submitted', ...labelOf(run), ...run.submission }, left);
    run.waits = false;
    run.admittedAt = at;
    run.outboxAt = run.jobId === null ? Math.max(at, run.fires[0]?.dueAt ?? at) : at;
    if (run.outboxAt > at) this.#parts.note('asked for beforehand');
    this.all.set(run.id, run);
  }

  /** Refuses a run that has no room, or that waited and gives way. */
  #refused(run: Run, at: number, left: Reported[]): void {
    const reported = this.#expect({ type: 'job_max_instances', ...labelOf(run), ...run.submission }, left);
    this.#parts.counts.max_instances += run.fires.length;
    // Nothing is kept of a run that is refused on entry: its caller knows.
    this.ends.set(run.id, { how: 'max_instances', outcomes: [reported], isKept: run.isKept && run.waits, at });
    this.all.delete(run.id);
  }

  /** The oldest run gives way to the one that waits, unless another already does. If several are equally old, any of them may be the oldest. */
  #replace(jobId: string, at: number, left: Reported[]): void {
    const runs = this.of(jobId).filter(({ policy }) => policy.overlap !== 'skip');
    if (runs.some(({ cancelled }) => cancelled)) return;
    const { runs: kept } = this.#parts.contents();
    const isReported = ({ id }: Run) => kept.get(id)?.cancelled ?? true;
    const oldest = runs.filter(({ admittedAt }) => admittedAt === runs[0]?.admittedAt);
    const one = oldest.find(isReported) ?? oldest[0];
    if (!one) return;
    this.#parts.note(one.token === null ? 'replaced, not started' : 'replaced, started');
    this.cancel(one, at, left);
  }

  /** Checks the next event. Returns it, or the expected one if it is missing. */
  #expect(expected: Partial<Reported>, left: Reported[]): Reported {
    const reported = left.shift();
    const seen = Object.fromEntries(Object.keys(expected).map((key) => [key, reported?.[key as keyof Reported]]));
    if (JSON.stringify(seen) !== JSON.stringify(expected)) {
      const what = `expected ${JSON.stringify(expected)}, reported was ${JSON.stringify(reported)}`;
      this.#parts.fault(`run ${expected.runId}: ${what}`);
    }
    return reported ?? ({ ...expected } as Reported);
  }
}

/** The members that all events of a run have. */
function labelOf({ id, jobId, policy }: Run): Partial<Reported> {
  return { jobId, runId: id, task: policy.task };
}

function fireOf({ fires, done }: Run): Partial<Reported> {
  return { scheduledRunTime: fires[done]?.fireTime ?? Number.NaN };
}
