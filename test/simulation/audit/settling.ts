import type { Settlement } from '@carillon/core/internal';
import type { Note } from './acts.js';
import type { Fault, Told } from './effect.js';
import type { Instances } from './instances.js';
import type { Run } from './run.js';
import type { OutcomeCounts } from './runs.js';

type Retry = Extract<Settlement, { readonly outcome: 'retry' }>;

/** An execution whose outcome was published, or that is to be retried. */
export interface Settled {
  readonly run: Run;
  readonly told: Told;
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
  settle(run: Run, settlement: Settlement, answer: string | undefined, at: number, left: Told[]): Told | null {
    const { fault, instances } = this.#parts;
    const { outcome } = settlement;
    if (outcome === 'cancelled' && !run.cancelled) fault(`run ${run.id} was cancelled, and no call had asked for that`);
    if (outcome === 'cancelled' || (outcome === 'retry' && run.cancelled)) {
      this.#answers(run, answer, outcome === 'retry' ? 'cancelled' : 'settled');
      instances.cancelRest(run, at, left);
      return null;
    }
    const told = left.shift() ?? null;
    if (!told) fault(`run ${run.id} was settled without an event`);
    if (!told) return null;
    if (told.error?.code === 'RUN_TIMEOUT') this.#parts.note('timed out');
    if (settlement.outcome === 'retry') {
      this.#answers(run, answer, 'settled');
      this.#putOff(run, settlement, told, at);
      return told;
    }
    this.outcome(run, told, at);
    if (settlement.outcome === 'error') this.#checkLast(run, told);
    this.#advance(run, settlement.outcome, answer, at, left);
    return told;
  }

  /** Records the published outcome of one fire time. */
  outcome(run: Run, told: Told | undefined, at: number): void {
    const outcome = told?.type === 'job_executed' ? 'executed' : told?.type === 'job_error' ? 'error' : null;
    if (!outcome || !isOf(run, told)) this.#misfit(run, told);
    if (told && told.at !== at) this.#parts.fault(`an outcome is dated ${told.at}`);
    this.#parts.counts[outcome ?? 'error'] += 1;
    if (told) run.outcomes.push(told);
  }

  /** Moves on to the next fire time, which is started with this, unless the run is cancelled. */
  #advance(run: Run, outcome: 'executed' | 'error', answer: string | undefined, at: number, left: Told[]): void {
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
  #putOff(run: Run, { delayMs = Number.NaN, retryAt: asked }: Retry, told: Told, at: number): void {
    const { fault, note } = this.#parts;
    const { retry } = run.policy;
    const says = saidBy(run, told);
    run.failures += 1;
    note('tried again');
    if (told.type !== 'job_retrying' || !isOf(run, told) || !((told.attempt ?? Number.NaN) <= run.attempts))
      this.#misfit(run, told);
    if (says === 'never') fault(`run ${run.id} is tried again, though its error said never`);
    if (typeof says === 'number') note('tried again when its error said');
    if ((typeof says === 'number') !== (asked !== undefined))
      fault(`run ${run.id} is tried again at ${asked}, its error said ${says}`);
    if (run.failures >= attemptsOf(run, told))
      fault(`run ${run.id} failed ${run.failures} times, and is tried again: it has ${JSON.stringify(retry)}`);
    if (retry && asked === undefined) {
      const { type = 'exponential', delay = 1_000, maxDelay = Math.max(delay, 3_600_000), jitter = 0 } = retry;
      const full = Math.min(type === 'fixed' ? delay : delay * 2 ** (run.failures - 1), maxDelay);
      if (delayMs > full || delayMs < Math.floor(full * (1 - jitter)))
        fault(`run ${run.id} is put off for ${delayMs} ms, which should be ${full} (jitter ${jitter})`);
    }
    const retryAt = asked === undefined ? at + delayMs : Math.max(at, asked);
    if (told.retryAt !== retryAt) fault(`run ${run.id} is tried again at ${retryAt}, and ${told.retryAt} was reported`);
    run.losses = 0;
    run.token = null;
    run.leaseUntil = null;
    run.deliveryId = null;
    run.outboxAt = retryAt;
  }

  /** A run that is to be retried must not end as an error. */
  #checkLast(run: Run, told: Told): void {
    const { id, failures } = run;
    const attempts = attemptsOf(run, told);
    if (saidBy(run, told) === 'never') this.#parts.note('not tried again, as its error said');
    else if (failures + 1 < attempts)
      this.#parts.fault(`run ${id} is an error after ${failures + 1} of ${attempts} attempts`);
  }

  #answers({ id }: Run, answer: string | undefined, ought: 'settled' | 'cancelled'): void {
    if (answer !== ought) this.#parts.fault(`run ${id}: a settle was answered ${answer}, which should be ${ought}`);
  }

  #misfit({ id, done, fires }: Run, told: Told | undefined): void {
    this.#parts.fault(`execution ${id}.${done} (${fires[done]?.fireTime}) ended, reported as ${JSON.stringify(told)}`);
  }
}

/** What the error of an execution said about retries; a timeout or a lost worker says nothing. */
function saidBy({ policy }: Run, { error }: Told): Run['policy']['play']['says'] {
  return error?.code === undefined || error.code === 'UNRECOVERABLE' || error.code === 'RETRY_AT'
    ? policy.play.says
    : null;
}

function attemptsOf(run: Run, told: Told): number {
  return run.policy.retry?.attempts ?? (typeof saidBy(run, told) === 'number' ? 100 : 1);
}

function isOf({ id, done, fires }: Run, told: Told | undefined): boolean {
  return told?.runId === id && told.executionId === `${id}.${done}` && told.scheduledRunTime === fires[done]?.fireTime;
}
