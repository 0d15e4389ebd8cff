import type { ErrorInfo } from '../event/outcome.js';
import type { Delivery } from '../ports/queue.js';
import type {
  Claim,
  ClaimOutcome,
  DamagedJob,
  DamagedRun,
  DuePage,
  EndOfTerm,
  Fenced,
  OutboxPage,
  ReapOutcome,
  ServingLook,
  Suspect,
  SuspectPage,
  TermStore,
  UpcomingPage,
  UpcomingParams,
} from '../ports/term-store.js';
import type { ExecutorQueues } from './delivery-queue.js';
import { assign } from './store/assign.js';
import { beginTerm } from './store/begin-term.js';
import { claim, refused } from './store/claim.js';
import { confirmQueued } from './store/confirm-queued.js';
import { due } from './store/due.js';
import { endTerm } from './store/end-term.js';
import { loseWorkers } from './store/lose-workers.js';
import { outbox } from './store/outbox.js';
import { quarantineJobs } from './store/quarantine-jobs.js';
import { quarantineRuns } from './store/quarantine-runs.js';
import { reap } from './store/reap.js';
import { refuse } from './store/refuse.js';
import { restoreRuns } from './store/restore-runs.js';
import { serving } from './store/serving.js';
import type { StoreState } from './store/state.js';
import { suspects } from './store/suspects.js';
import { upcoming } from './store/upcoming.js';
import type { StoreLine } from './store-line.js';

interface OfTerm {
  readonly epoch: number;
}

/** The leader's side of a job store in memory. */
export class MemoryTermStore implements TermStore {
  readonly isNear = true;
  readonly #line: StoreLine;
  readonly #state: StoreState;
  readonly #queues: ExecutorQueues;

  constructor(line: StoreLine, state: StoreState, queues: ExecutorQueues) {
    this.#line = line;
    this.#state = state;
    this.#queues = queues;
  }

  beginTerm(params: { readonly lock: string; readonly coordinatorId: string }): Promise<number | null> {
    return this.#line.ask('beginTerm', () => beginTerm(this.#state, params));
  }

  endTerm(end: EndOfTerm): Promise<void> {
    return this.#line.ask('endTerm', () => endTerm(this.#state, end));
  }

  due(limit: number): Promise<DuePage> {
    return this.#line.ask('due', () => due(this.#state, limit));
  }

  upcoming(params: UpcomingParams): Promise<UpcomingPage> {
    return this.#line.ask('upcoming', () => upcoming(this.#state, params));
  }

  claim({ epoch, claims }: OfTerm & { readonly claims: readonly Claim[] }): Promise<Fenced<ClaimOutcome>> {
    return this.#line.ask('claim', () => {
      const value = refused(claims);
      return value ? { status: 'done', value } : this.#ifLeading(epoch, () => claim(this.#state, claims));
    });
  }

  outbox(limit: number): Promise<OutboxPage> {
    return this.#line.ask('outbox', () => outbox(this.#state, limit));
  }

  assign(
    params: OfTerm & { readonly deliveries: readonly Delivery[]; readonly evenWhenFull?: boolean },
  ): Promise<Fenced<readonly string[]>> {
    return this.#fenced('assign', params.epoch, () => assign(this.#state, params.deliveries));
  }

  serving(executors: readonly string[]): Promise<ServingLook> {
    return this.#line.ask('serving', () => serving(this.#state, this.#queues, executors));
  }

  confirmQueued({ epoch, deliveries }: OfTerm & { readonly deliveries: readonly Delivery[] }): Promise<Fenced<null>> {
    return this.#fenced('confirmQueued', epoch, () => {
      confirmQueued(this.#state, deliveries);
      return null;
    });
  }

  refuse(
    params: OfTerm & { readonly runId: string; readonly deliveryId: string; readonly error: ErrorInfo },
  ): Promise<Fenced<null>> {
    return this.#fenced('refuse', params.epoch, () => {
      refuse(this.#state, params);
      return null;
    });
  }

  suspects({ limit, cursor }: { readonly limit: number; readonly cursor: string }): Promise<SuspectPage> {
    return this.#line.ask('suspects', () => suspects(this.#state, limit, cursor));
  }

  reap(params: OfTerm & { readonly suspect: Suspect; readonly leaseMs: number }): Promise<Fenced<ReapOutcome>> {
    const { suspect, leaseMs } = params;
    return this.#fenced('reap', params.epoch, () => {
      const isQueued = this.#queues.get(suspect.executor).has(suspect.deliveryId);
      return reap(this.#state, suspect, leaseMs, isQueued);
    });
  }

  restoreRuns({ epoch, runIds }: OfTerm & { readonly runIds: readonly string[] }): Promise<Fenced<null>> {
    return this.#fenced('restoreRuns', epoch, () => {
      restoreRuns(this.#state, runIds);
      return null;
    });
  }

  quarantineJobs({ epoch, jobs }: OfTerm & { readonly jobs: readonly DamagedJob[] }): Promise<Fenced<null>> {
    return this.#fenced('quarantineJobs', epoch, () => {
      quarantineJobs(this.#state, jobs);
      return null;
    });
  }

  quarantineRuns({ epoch, runs }: OfTerm & { readonly runs: readonly DamagedRun[] }): Promise<Fenced<null>> {
    return this.#fenced('quarantineRuns', epoch, () => {
      quarantineRuns(this.#state, runs);
      return null;
    });
  }

  loseWorkers({ epoch, silentMs }: OfTerm & { readonly silentMs: number }): Promise<Fenced<readonly string[]>> {
    return this.#fenced('loseWorkers', epoch, () => loseWorkers(this.#state, silentMs));
  }

  #fenced<T>(call: string, epoch: number, effect: () => T): Promise<Fenced<T>> {
    return this.#line.ask(call, () => this.#ifLeading(epoch, effect));
  }

  #ifLeading<T>(epoch: number, effect: () => T): Fenced<T> {
    if (this.#state.epoch !== epoch) return { status: 'over' };
    return { status: 'done', value: effect() };
  }
}
