import {
  keepTrying,
  type Ledger,
  type LedgerRun,
  type Report,
  type RunPayload,
  type Settlement,
  type SettleOutcome,
  type Slot,
} from '@carillon/core/internal';
import { isUnknownTask } from './executors/call-task.js';
import { type Ended, failed, type Outcome } from './executors/outcome.js';
import { executeFire, type FireExecutionParts } from './fire-execution.js';
import type { Hold } from './hold.js';
import type { MaybePromise } from './maybe-promise.js';
import { decodePayload } from './payloads.js';
import { attemptAt, settlementOf } from './settlement.js';
import type { Settler } from './settler.js';
import type { UnknownTasks } from './unknown-tasks.js';

const NEWER = 'a newer release wrote this run, and no living worker of its executor can read it: upgrade the workers';

export interface RunWorkParts extends FireExecutionParts {
  readonly ledger: Ledger;
  readonly settler: Settler;
  readonly unknownTasks: UnknownTasks;
  readonly report: Report;
}

/** One run at work here, once it is started. */
export class RunWork {
  readonly #run: LedgerRun;
  readonly #hold: Hold;
  readonly #queuedAt: number | null;
  readonly #parts: RunWorkParts;
  /** null if it cannot be read. */
  readonly #payload: RunPayload | null;

  /** @param queuedAt when its delivery was queued, ms; null if not known */
  constructor(run: LedgerRun, hold: Hold, queuedAt: number | null, parts: RunWorkParts) {
    this.#run = run;
    this.#hold = hold;
    this.#queuedAt = queuedAt;
    this.#parts = parts;
    this.#payload = decodePayload(run.payload);
  }

  /**
   * Executes its fire times one after the other, and settles each. Returns a promise that resolves once the slot is free; undefined if
   * it is free already.
   * @param over is called once all is settled, or once this worker holds the run no more; with an error if that failed.
   */
  begin(slot: Slot, over: (error?: unknown) => void): Promise<void> | undefined {
    const { done, fires } = this.#run;
    let first: MaybePromise<Outcome> | undefined;
    try {
      if (done < fires.length && !this.#isLost) first = this.#executeIn(slot, done);
    } catch (error) {
      over(error);
      return undefined;
    }
    // Most runs end so, and need no promise: in Node 20, each promise costs extra while AsyncLocalStorage is in use (current-run.ts).
    if (done === fires.length - 1 && first && !(first instanceof Promise) && first.outcome === 'executed') {
      this.#hold.executing = false;
      this.#settleLast(done, first, over);
      return undefined;
    }
    return this.#goOn(first, slot, over);
  }

  #goOn(
    first: MaybePromise<Outcome> | undefined,
    slot: Slot,
    over: (error?: unknown) => void,
  ): Promise<void> | undefined {
    let isFree = false;
    let free = () => {
      isFree = true;
    };
    const ended = (error?: unknown) => {
      free();
      over(error);
    };
    void this.#work(first, slot, () => free()).then(() => ended(), ended);
    if (isFree) return undefined;
    return new Promise((resolve) => {
      free = resolve;
    });
  }

  /** @param first the execution of the first fire time that is left; undefined if none is executed. */
  async #work(first: MaybePromise<Outcome> | undefined, slot: Slot, free: () => void): Promise<void> {
    const { done, fires } = this.#run;
    for (let index = done, ending = first; ending; ) {
      const outcome = ending instanceof Promise ? await this.#unlessReleased(ending) : ending;
      this.#hold.executing = false;
      if (index === fires.length - 1) free();
      // An aborted run needs no settling: it was handed back, or the leader delivers it again.
      if (!outcome || outcome.outcome === 'aborted') return;
      const ended = this.#isForOthers(outcome) ? await this.#unlessReleased(this.#putOff(index, outcome)) : outcome;
      if (!ended || !(await this.#settle(index, ended))) return;
      index += 1;
      ending = index < fires.length && !this.#isLost ? this.#executeIn(slot, index) : undefined;
    }
  }

  #executeIn(slot: Slot, index: number): MaybePromise<Outcome> {
    this.#hold.executing = true;
    return slot.use(() => this.#execute(index));
  }

  /** There may be workers that have its task, or read what a newer release wrote. */
  #isForOthers(outcome: Outcome): outcome is Ended {
    return isUnknownTask(outcome) || (this.#run.newer === true && outcome.outcome === 'error');
  }

  /** It was aborted for a reason other than cancellation. A cancelled run is still settled here. */
  get #isLost(): boolean {
    const { abort, cancelled } = this.#hold;
    return abort.aborted && !cancelled.aborted;
  }

  #unlessReleased<T>(work: Promise<T>): Promise<T | undefined> {
    return this.#hold.unlessReleased((end, fail) => void work.then(end, fail));
  }

  #execute(index: number): MaybePromise<Outcome> {
    const payload = this.#payload;
    if (this.#run.newer) return failed(NEWER, 'NEWER_RUN');
    if (!payload) return failed('the record of this run cannot be read', 'UNREADABLE_RUN');
    return executeFire({ run: this.#run, payload, index, queuedAt: this.#queuedAt }, this.#hold, this.#parts);
  }

  /**
   * Hands back a run whose task this worker lacks, or that it cannot read. Returns the outcome to settle if it is not handed back: the
   * error, if no other worker can execute it either, or the cancellation, if the run was cancelled meanwhile. null if it was handed back,
   * or is lost.
   */
  async #putOff(index: number, unknown: Ended): Promise<Ended | null> {
    const { unknownTasks, ledger, clock, report } = this.#parts;
    const { executor, fires } = this.#run;
    const { signal } = this.#hold.abort;
    let isHandedBack = false;
    const attempt = async () => {
      const task = this.#run.newer ? null : (this.#payload?.task ?? '');
      const seenBefore = attemptAt(this.#run, index) > 1;
      const delayMs = await unknownTasks.delayFor({ executor, task, dueAt: fires[index]?.dueAt ?? 0, seenBefore });
      if (delayMs === null || signal.aborted) return;
      await ledger.handBack({ held: [this.#hold], delayMs });
      isHandedBack = true;
    };
    await keepTrying(attempt, clock, report, signal);
    if (isHandedBack || this.#isLost) return null;
    return signal.aborted ? { outcome: 'cancelled' } : unknown;
  }

  #reportFailure(index: number, error: unknown, settlement: Settlement): void {
    const { report, jobStore } = this.#parts;
    const { runId, jobId } = this.#run;
    const attempt = attemptAt(this.#run, index);
    const failed = { jobStore, jobId, runId, task: this.#payload?.task ?? '', attempt, error };
    if (settlement.outcome !== 'retry') {
      report({ kind: 'task_failed', ...failed });
      return;
    }
    const { delayMs, retryAt } = settlement;
    if (retryAt !== undefined) report({ kind: 'task_retried', ...failed, retryAt: new Date(retryAt).toISOString() });
    else report({ kind: 'task_retried', ...failed, ...(delayMs !== undefined && { retryInMs: delayMs }) });
  }

  /** Settles its last fire time, with an outcome that is never retried. */
  #settleLast(index: number, outcome: Ended, over: () => void): void {
    const { settler } = this.#parts;
    let isOver = false;
    const end = (settled?: SettleOutcome) => {
      if (isOver) return;
      isOver = true;
      // A lost run is reported already.
      if (settled === 'void' && !this.#isLost) settler.reportVoid(this.#run.runId);
      over();
    };
    this.#hold.onRelease(end);
    settler.settle(settlementOf(this.#run, this.#hold.token, index, outcome, undefined), end);
  }

  /** Returns whether the run goes on here, with its next fire time. */
  async #settle(index: number, outcome: Ended): Promise<boolean> {
    const { settler } = this.#parts;
    const { token } = this.#hold;
    const settlement = settlementOf(this.#run, token, index, outcome, this.#payload?.retry);
    if (outcome.outcome === 'error') this.#reportFailure(index, outcome.thrown, settlement);
    const settled = await this.#hold.unlessReleased<SettleOutcome>((end) => settler.settle(settlement, end));
    // A lost run is reported already.
    if (settled === 'void' && !this.#isLost) settler.reportVoid(this.#run.runId);
    return settled === 'settled' && (settlement.outcome === 'executed' || settlement.outcome === 'error');
  }
}
