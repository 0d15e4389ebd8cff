import type { CarillonEvent } from '@carillon/core';

/** The callbacks for events of a schedule in the cluster, by which node-cron's listeners are called. */
export interface NewsOf {
  missed(first: Date, last: Date): void;
  overlapped(fire: Date): void;
  /** Another process executes the fire. */
  skipped(fire: Date): void;
  /** All its executions are over. */
  ended(): void;
}

/** Follows the runs of one job. */
export class ClusterNews {
  readonly #news: NewsOf;
  /** Fire times of live runs, by run. */
  readonly #live = new Map<string, Date>();
  #isFinished = false;

  constructor(news: NewsOf) {
    this.#news = news;
  }

  /** @param workerId of the worker of this process */
  hear(event: CarillonEvent, workerId: string): void {
    if (event.type === 'job_submitted') {
      const last = event.scheduledRunTimes.at(-1);
      if (last) this.#live.set(event.runId, last);
      if (event.coalesced) this.#news.missed(event.coalesced.first, event.coalesced.last);
    } else if (event.type === 'job_started') {
      const fire = this.#live.get(event.runId);
      if (fire && event.workerId !== workerId) this.#news.skipped(fire);
    } else if (event.type === 'job_max_instances') {
      for (const fire of event.scheduledRunTimes) this.#news.overlapped(fire);
    } else if (event.type === 'job_missed') {
      this.#news.missed(event.first, event.last);
      if (event.runId !== null) this.#over(event.runId);
    } else if (event.type === 'job_executed' || event.type === 'job_error' || event.type === 'job_cancelled') {
      this.#over(event.runId);
    } else if (event.type === 'job_removed' && event.cause === 'finished') {
      this.#isFinished = true;
      this.#over('');
    }
  }

  #over(runId: string): void {
    this.#live.delete(runId);
    if (this.#isFinished && this.#live.size === 0) this.#news.ended();
  }
}
