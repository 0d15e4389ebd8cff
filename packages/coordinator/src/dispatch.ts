import {
  type Chance,
  type DeliveredRun,
  type DeliveryQueue,
  errorInfo,
  type OutgoingRun,
  RedisFullError,
  type Report,
  type TermStore,
} from '@carillon/core/internal';
import { unfenced } from './fenced.js';
import { quarantineRuns } from './quarantine.js';

const RUNS_PER_PAGE = 500;
/** Where Redis is full, a delivery is room that the runs which are done have to make first. */
const RUNS_WHEN_FULL = 50;

/** `slowly`: Redis is full, and only a few were delivered. */
export type Dispatched = 'all' | 'more' | 'slowly';

export interface DispatcherParts {
  readonly jobStore: string;
  readonly terms: TermStore;
  readonly queue: DeliveryQueue;
  readonly chance: Chance;
  readonly report: Report;
}

/** Takes the runs of an outbox to their executors' queues. */
export class Dispatcher {
  readonly #parts: DispatcherParts;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /**
   * Delivers a page of what the outbox holds and whose time has come. A run leaves it only once its delivery is known to be
   * queued; what is not known stays, and goes out later under another delivery id.
   * @throws TermOver
   */
  async dispatch(epoch: number): Promise<Dispatched> {
    const { terms, chance } = this.#parts;
    let isFull = false;
    const page = await terms.deliver({ epoch, limit: RUNS_PER_PAGE, nonce: chance.id() }).catch((error) => {
      if (!(error instanceof RedisFullError)) throw error;
      isFull = true;
      return terms.deliver({ epoch, limit: RUNS_WHEN_FULL, nonce: chance.id(), evenWhenFull: true });
    });
    const { runs, unreadable } = unfenced(page);
    await quarantineRuns(this.#parts, epoch, unreadable);
    const left = runs.length === 0 ? 0 : await this.#send(epoch, runs);
    if (isFull) return 'slowly';
    return left === 0 && runs.length + unreadable.length === RUNS_PER_PAGE ? 'more' : 'all';
  }

  /** Answers how many runs stay in the outbox. */
  async #send(epoch: number, runs: readonly OutgoingRun[]): Promise<number> {
    const { jobStore, terms, queue, report } = this.#parts;
    const deliveries = runs.map(({ runId, deliveryId, executor, priority }) => {
      return { id: deliveryId, executor, priority, runIds: [runId] };
    });
    const outcomes = await queue.add(deliveries);
    const queued: DeliveredRun[] = [];
    let left = 0;
    for (const [index, run] of runs.entries()) {
      const outcome = outcomes[index] ?? { status: 'unsure', reason: 'the queue did not say' };
      const { runId } = run;
      if (outcome.status === 'queued') {
        queued.push(run);
      } else if (outcome.status === 'refused') {
        report({ kind: 'delivery_refused', jobStore, runId, reason: outcome.reason });
        const error = JSON.stringify({ ...errorInfo(outcome.reason), code: 'QUEUE_REFUSED' });
        unfenced(await terms.refuse({ epoch, run, error }));
      } else {
        report({ kind: 'delivery_unsure', jobStore, runId, reason: outcome.reason });
        left += 1;
      }
    }
    if (queued.length > 0) unfenced(await terms.delivered({ epoch, runs: queued }));
    return left;
  }
}
