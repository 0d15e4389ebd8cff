import type { Settlement } from '@carillon/core/internal';
import type { Note } from './acts.js';
import type { Fault, Reported } from './effect.js';
import type { Instances } from './instances.js';
import type { Run } from './run.js';
import type { OutcomeCounts } from './runs.js';

type Retry = Extract<Settlement, { readonly outcome: 'retry' }>;

/** An execution whose outcome was published, or that is to be retried. */
export interface Settled {
  readonly run: Run;
  readonly reported: Reported;
  /** Which start of its fire time it was. */
  readonly attempt: number;
  readonly process: string;
}

interface Parts {
  readonly fault: Fault;
  readonly note: Note;
  readonly counts: OutcomeCounts;
  readonly instances: Instances;
}

/** Checks settlements by the holder of a run. `left`: published events that are not accounted for yet. */
export class Settling {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Returns the event of the execution; null if it was cancelled or has none. */
  settle(run: Run, settlement: Settlement, answer: string | undefined, at: number, left: Reported[]): Reported | null {
    const { fault, instances } = this.#parts;
    const { outcome } = settlement;
    if (outcome === 'cancelled' && !run.cancelled) fault(`run ${run.id} was cancelled, and no call had asked for that`);
    if (outcome === 'cancelled' || (outcome === 'retry' && run.cancelled)) {
      this.#answers(run, answer, outcome === 'retry' ? 'cancelled' : 'settled');
      instances.cancelRest(run, at, left);
      return null;
    }
    const reported = left.shift() ?? null;
    if (!reported) fault(`run ${run.id} was settled without an event`);
    if (!reported) return null;
    if (reported.error?.code === 'RUN_TIMEOUT') this.#parts.note('timed out');
    if (settlement.outcome === 'retry') {
      this.#answers(run, answer, 'settled');
      this.#putOff(run, settlement, reported, at);
      return reported;
    }
    this.outcome(run, reported, at);
    if (settlement.outcome === 'error') this.#checkLast(run, reported);
    this.#advance(run, settlement.outcome, answer, at, left);
    return reported;
  }

  /** Records the published outcome of one fire time. */
  outcome(run: Run, reported: Reported | undefined, at: number): void {
    const outcome = reported?.type === 'job_executed' ? 'executed' : reported?.type === 'job_error' ? 'error' : null;
    if (!outcome || !isOf(run, reported)) this.#misfit(run, reported);
    if (reported && reported.at !== at) this.#parts.fault(`an outcome is dated ${reported.at}`);
    this.#parts.counts[outcome ?? 'error'] += 1;
    if (reported) run.outcomes.push(reported);
  }

  /** Moves on to the next fire time, which is started with this, unless the run is cancelled. */
  #advance(run: Run, outcome: 'executed' | 'error', answer: string | undefined, at: number, left: Reported[]): void {
    const { instances } = this.#parts;
    run.done += 1;
    run.losses = 0;
    run.attempts = 1;
    run.failures = 0;
    const isOver = run.done >= run.fires.length;
    this.#answers(run, answer, !isOver && run.cancelled ? 'cancelled' : 'settled');
    if (isOver) instances.end(run, outcome, at, left);
    else if (run.cancelled) instances.cancelRest(run, at, left);
  }

  /** Checks a retry: the run is released until its time, and keeps its instance. */
  #putOff(run: Run, { delayMs = Number.NaN, retryAt: asked }: Retry, reported: Reported, at: number): void {
    const { fault, note } = this.#parts;
    const { retry } = run.policy;
    const says = saidBy(run, reported);
    run.failures += 1;
    note('tried again');
    if (reported.type !== 'job_retrying' || !isOf(run, reported) || !((reported.attempt ?? Number.NaN) <= run.attempts))
      this.#misfit(run, reported);
    if (says === 'never') fault(`run ${run.id} is tried again, though its error said never`);
    if (typeof says === 'number') note('tried again when its error said');
    if ((typeof says === 'number') !== (asked !== undefined))
      fault(`run ${run.id} is tried again at ${asked}, its error said ${says}`);
    if (run.failures >= attemptsOf(run, reported))
      fault(`run ${run.id} failed ${run.failures} times, and is tried again: it has ${JSON.stringify(retry)}`);
    if (retry && asked === undefined) {
      const { type = 'exponential', delay = 1_000, maxDelay = Math.max(delay, 3_600_000), jitter = 0 } = retry;
      const full = Math.min(type === 'fixed' ? delay : delay * 2 ** (run.failures - 1), maxDelay);
      if (delayMs > full || delayMs < Math.floor(full * (1 - jitter)))
        fault(`run ${run.id} is put off for ${delayMs} ms, which should be ${full} (jitter ${jitter})`);
    }
    const retryAt = asked === undefined ? at + delayMs : Math.max(at, asked);
    if (reported.retryAt !== retryAt)
      fault(`run ${run.id} is tried again at ${retryAt}, and ${reported.retryAt} was reported`);
    run.losses = 0;
    run.token = null;
    run.leaseUntil = null;
    run.deliveryId = null;
    run.outboxAt = retryAt;
  }

  /** A run that is to be retried must not end as an error. */
  #checkLast(run: Run, reported: Reported): void {
    const { id, failures } = run;
    const attempts = attemptsOf(run, reported);
    if (saidBy(run, reported) === 'never') this.#parts.note('not tried again, as its error said');
    else if (failures + 1 < attempts)
      this.#parts.fault(`run ${id} is an error after ${failures + 1} of ${attempts} attempts`);
  }

  #answers({ id }: Run, answer: string | undefined, expected: 'settled' | 'cancelled'): void {
    if (answer !== expected)
      this.#parts.fault(`run ${id}: a settle was answered ${answer}, which should be ${expected}`);
  }

  #misfit({ id, done, fires }: Run, reported: Reported | undefined): void {
    this.#parts.fault(
      `execution ${id}.${done} (${fires[done]?.fireTime}) ended, reported as ${JSON.stringify(reported)}`,
    );
  }
}

/** What the error of an execution said about retries; a timeout or a lost worker says nothing. */
function saidBy({ policy }: Run, { error }: Reported): Run['policy']['play']['says'] {
  return error?.code === undefined || error.code === 'UNRECOVERABLE' || error.code === 'RETRY_AT'
    ? policy.play.says
    : null;
}

function attemptsOf(run: Run, reported: Reported): number {
  return run.policy.retry?.attempts ?? (typeof saidBy(run, reported) === 'number' ? 100 : 1);
}

function isOf({ id, done, fires }: Run, reported: Reported | undefined): boolean {
  return (
    reported?.runId === id &&
    reported.executionId === `${id}.${done}` &&
    reported.scheduledRunTime === fires[done]?.fireTime
  );
}
