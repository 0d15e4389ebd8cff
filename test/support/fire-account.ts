import type { CarillonEvent } from '@carillon/core';

/** One generation of a job: from the event that set its next run time to the one that ended it. */
interface Generation {
  readonly stepMs: number;
  /** The fire time that has no outcome yet; each after it is a step later. */
  next: number;
}

/** A generation that a change ended, and when the change was made. */
export interface Ended {
  readonly jobId: string;
  readonly at: number;
  /** The first fire time that got no outcome: it must be later than the change's reading of the job. */
  readonly next: number;
}

/**
 * Accounts for every fire time of interval jobs, from events alone. Each must have exactly one outcome: executed, error,
 * missed, max_instances or coalesced. A job's task, `every.<ms>`, gives its step.
 */
export class FireAccount {
  readonly faults: string[] = [];
  readonly ended: Ended[] = [];
  readonly counts = { executed: 0, error: 0, missed: 0, maxInstances: 0, coalesced: 0 };
  readonly #generations = new Map<string, Generation>();
  readonly #tasks = new Map<string, string>();
  /** Fire times of runs that are owed. */
  readonly #owed = new Map<string, Set<number>>();

  constructor(events: readonly CarillonEvent[]) {
    for (const event of events) this.#book(event);
  }

  /** Ids of runs with fire times that have no outcome yet. */
  get owed(): readonly string[] {
    return [...this.#owed.keys()];
  }

  #book(event: CarillonEvent): void {
    switch (event.type) {
      case 'job_added':
      case 'job_modified':
        // If the next fire time is unchanged, the trigger is, too.
        if (this.#generations.get(event.jobId)?.next !== Number(event.nextRunTime ?? Number.NaN)) this.#end(event);
        this.#begin(event.jobId, event.nextRunTime, event.task);
        return;
      case 'job_resumed':
        this.#begin(event.jobId, event.nextRunTime, this.#tasks.get(event.jobId) ?? '');
        return;
      case 'job_paused':
      case 'job_removed':
        this.#end(event);
        return;
      case 'job_submitted': {
        const times = event.scheduledRunTimes.map(Number);
        if (event.coalesced)
          this.counts.coalesced += this.#upTo(event.jobId, event.coalesced.first, event.coalesced.last);
        for (const time of times) this.#one(event.jobId, time);
        this.#owed.set(event.runId, new Set(times));
        return;
      }
      case 'job_max_instances':
        if (event.coalesced)
          this.counts.coalesced += this.#upTo(event.jobId, event.coalesced.first, event.coalesced.last);
        for (const time of event.scheduledRunTimes) this.#one(event.jobId, Number(time));
        this.counts.maxInstances += event.scheduledRunTimes.length;
        return;
      case 'job_missed':
        if (event.runId === null) this.counts.missed += this.#upTo(event.jobId, event.first, event.last);
        else this.#missedAtStart(event.runId, event.first, event.last);
        return;
      case 'job_executed':
      case 'job_error':
        this.counts[event.type === 'job_executed' ? 'executed' : 'error']++;
        this.#settle(event.runId, Number(event.scheduledRunTime));
    }
  }

  #begin(jobId: string, next: Date | null, task: string): void {
    this.#tasks.set(jobId, task);
    const stepMs = Number(task.replace('every.', ''));
    if (next) this.#generations.set(jobId, { stepMs, next: Number(next) });
  }

  #end({ jobId, at }: { readonly jobId: string; readonly at: Date }): void {
    const generation = this.#generations.get(jobId);
    if (generation) this.ended.push({ jobId, at: Number(at), next: generation.next });
    this.#generations.delete(jobId);
  }

  /** A fire time that got an outcome, or became part of a run. */
  #one(jobId: string | null, time: number): void {
    const generation = this.#generations.get(jobId ?? '');
    if (!generation) this.faults.push(`${jobId}: ${time} fired while the job did not`);
    else if (generation.next !== time) this.faults.push(`${jobId}: ${time} came, ${generation.next} was next`);
    if (generation) generation.next = time + generation.stepMs;
  }

  #upTo(jobId: string | null, first: Date, last: Date): number {
    const stepMs = this.#generations.get(jobId ?? '')?.stepMs ?? Number(last) - Number(first) + 1;
    let count = 0;
    let time = Number(first);
    for (; time <= Number(last); time += stepMs, count++) this.#one(jobId, time);
    if (time - stepMs !== Number(last))
      this.faults.push(`${jobId}: ${Number(last)} ends a range, but is not a fire time`);
    return count;
  }

  #missedAtStart(runId: string, first: Date, last: Date): void {
    if (!this.#owed.has(runId)) this.faults.push(`${runId}: missed at its start, but it was not owed`);
    for (const time of this.#owed.get(runId) ?? []) {
      if (time < Number(first) || time > Number(last)) continue;
      this.counts.missed++;
      this.#settle(runId, time);
    }
  }

  #settle(runId: string, time: number): void {
    const owed = this.#owed.get(runId);
    if (!owed?.delete(time)) this.faults.push(`run ${runId}: ${time} has an outcome, but was not owed`);
    if (owed?.size === 0) this.#owed.delete(runId);
  }
}
