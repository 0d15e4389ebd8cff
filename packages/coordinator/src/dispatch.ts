import {
  type Chance,
  type DeliveredRun,
  type DeliveryQueue,
  draft,
  errorInfo,
  type Report,
  type TermStore,
} from '@carillon/core/internal';
import { unfenced } from './fenced.js';

const RUNS_PER_ROUND = 500;

/** Takes the runs of an outbox to their executors' queues. */
export class Dispatcher {
  readonly #jobStore: string;
  readonly #terms: TermStore;
  readonly #queue: DeliveryQueue;
  readonly #chance: Chance;
  readonly #report: Report;

  constructor(parts: { jobStore: string; terms: TermStore; queue: DeliveryQueue; chance: Chance; report: Report }) {
    this.#jobStore = parts.jobStore;
    this.#terms = parts.terms;
    this.#queue = parts.queue;
    this.#chance = parts.chance;
    this.#report = parts.report;
  }

  /**
   * Delivers what the outbox holds and whose time has come. A run leaves it only once its delivery is known to be queued;
   * what is not known stays, and goes out later under another delivery id. @throws TermOver
   */
  async drain(epoch: number): Promise<void> {
    while (true) {
      const nonce = this.#chance.id();
      const { runs, unreadable } = unfenced(await this.#terms.deliver({ epoch, limit: RUNS_PER_ROUND, nonce }));
      for (const runId of unreadable) await this.#quarantine(epoch, runId);
      if (runs.length === 0) return;
      const left = await this.#send(epoch, runs);
      if (left > 0 || runs.length + unreadable.length < RUNS_PER_ROUND) return;
    }
  }

  /** Answers how many runs stay in the outbox. */
  async #send(epoch: number, runs: readonly DeliveredRun[]): Promise<number> {
    const deliveries = runs.map(({ runId, deliveryId, executor }) => ({ id: deliveryId, executor, runIds: [runId] }));
    const outcomes = await this.#queue.add(deliveries);
    const queued: DeliveredRun[] = [];
    let left = 0;
    for (const [index, run] of runs.entries()) {
      const outcome = outcomes[index] ?? { status: 'unsure', reason: 'the queue did not say' };
      const { runId } = run;
      if (outcome.status === 'queued') {
        queued.push(run);
      } else if (outcome.status === 'refused') {
        this.#report({ kind: 'delivery_refused', jobStore: this.#jobStore, runId, reason: outcome.reason });
        const error = JSON.stringify({ ...errorInfo(outcome.reason), code: 'QUEUE_REFUSED' });
        unfenced(await this.#terms.refuse({ epoch, run, error }));
      } else {
        this.#report({ kind: 'delivery_unsure', jobStore: this.#jobStore, runId, reason: outcome.reason });
        left += 1;
      }
    }
    if (queued.length > 0) unfenced(await this.#terms.delivered({ epoch, runs: queued }));
    return left;
  }

  async #quarantine(epoch: number, id: string): Promise<void> {
    const why = 'its header cannot be read';
    this.#report({ kind: 'record_unreadable', jobStore: this.#jobStore, id, why });
    const event = draft(this.#jobStore, 'job_quarantined', { record: 'run', id, why });
    unfenced(await this.#terms.quarantine({ epoch, record: { kind: 'run', id, why }, event }));
  }
}
