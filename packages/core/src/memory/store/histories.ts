import type { NewRun } from '../../ports/ledger.js';
import { SortedSet } from '../sorted-set.js';

/** The outcomes of runs, each kept as long as its run says; and the ended runs of each job. */
export class Histories {
  readonly #results = new Map<string, string[]>();
  readonly #expiries = new SortedSet();
  readonly #ended = new Map<string, SortedSet>();

  /** Keeps a message of a run for a time from now on, and with it the earlier messages of the run. */
  keep(runId: string, ageMs: number, message: string, now: number): void {
    this.#forget(now);
    this.#results.set(runId, [...(this.#results.get(runId) ?? []), message]);
    this.#expiries.set(runId, now + ageMs);
  }

  /** Adds a run that is over to those of its job, and drops the ones that are too many or too old. */
  end({ runId, jobId, history }: Pick<NewRun, 'runId' | 'jobId' | 'history'>, now: number): void {
    this.#forget(now);
    if (jobId === null || !history) return;
    const ended = this.#ended.get(jobId) ?? new SortedSet();
    this.#ended.set(jobId, ended);
    ended.set(runId, now);
    for (const old of ended.upTo(now - history.ageMs, ended.size)) ended.delete(old);
    if (history.perJob === null) return;
    for (const surplus of ended.upTo(Number.POSITIVE_INFINITY, Math.max(0, ended.size - history.perJob))) {
      ended.delete(surplus);
      this.#drop(surplus);
    }
  }

  outcomes(runId: string, now: number): readonly string[] {
    this.#forget(now);
    return this.#results.get(runId) ?? [];
  }

  /** The runs of a job whose outcomes are kept, newest first. */
  newest(jobId: string, limit: number, now: number): readonly string[] {
    this.#forget(now);
    const ended = this.#ended.get(jobId);
    const kept = ended?.upTo(Number.POSITIVE_INFINITY, ended.size).filter((runId) => this.#results.has(runId)) ?? [];
    return kept.reverse().slice(0, limit);
  }

  #forget(now: number): void {
    for (const runId of this.#expiries.upTo(now, this.#expiries.size)) this.#drop(runId);
  }

  #drop(runId: string): void {
    this.#results.delete(runId);
    this.#expiries.delete(runId);
  }
}
