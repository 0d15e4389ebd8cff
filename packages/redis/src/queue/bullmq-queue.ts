import type { Delivery, DeliveryOutcome, DeliveryQueue } from '@carillon/core/internal';
import { type ConnectionOptions, Queue } from 'bullmq';
import type { RedisClient } from '../connection/connection.js';
import { waitingKey } from './bullmq-keys.js';

/** A finished delivery is removed at once: the ledger knows whether a run is owed. */
const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

/** The queues of executors in BullMQ. */
export class BullmqDeliveryQueue implements DeliveryQueue {
  readonly #client: RedisClient;
  readonly #prefix: string;
  readonly #onError: (executor: string, error: Error) => void;
  readonly #failure: (error: unknown) => unknown;
  readonly #queues = new Map<string, Queue>();

  /** @param failure returns what to throw or report for an error of the client's. */
  constructor(
    client: RedisClient,
    prefix: string,
    onError: (executor: string, error: Error) => void,
    failure: (error: unknown) => unknown,
  ) {
    this.#failure = failure;
    this.#client = client;
    this.#prefix = prefix;
    this.#onError = onError;
  }

  async add(deliveries: readonly Delivery[]): Promise<readonly DeliveryOutcome[]> {
    const outcomes = new Map<Delivery, DeliveryOutcome>();
    for (const executor of new Set(deliveries.map((delivery) => delivery.executor))) {
      const chunk = deliveries.filter((delivery) => delivery.executor === executor);
      const answers = await this.#addChunk(this.#queue(executor), chunk);
      for (const [index, delivery] of chunk.entries()) outcomes.set(delivery, answers[index] ?? unsure('no answer'));
    }
    return deliveries.map((delivery) => outcomes.get(delivery) ?? unsure('no answer'));
  }

  async waiting(executor: string): Promise<number> {
    try {
      return await this.#client.llen(waitingKey(this.#prefix, executor));
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }

  /** Adds a chunk, which is not atomic: if one delivery fails, the others may be in. Then all are tried again one by one. */
  async #addChunk(queue: Queue, chunk: readonly Delivery[]): Promise<readonly DeliveryOutcome[]> {
    const [only] = chunk;
    // A pipeline costs more than a call, because it has its own copy of each command of the client.
    if (only && chunk.length === 1) return [await this.#addOne(queue, only)];
    try {
      const jobs = await queue.addBulk(chunk.map(jobOf));
      return chunk.map(({ id }, index) => checked(jobs[index]?.id, id));
    } catch {
      const answers: DeliveryOutcome[] = [];
      for (const delivery of chunk) answers.push(await this.#addOne(queue, delivery));
      return answers;
    }
  }

  async #addOne(queue: Queue, delivery: Delivery): Promise<DeliveryOutcome> {
    const { name, data, opts } = jobOf(delivery);
    try {
      return checked((await queue.add(name, data, opts)).id, delivery.id);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return isRefusal(error) ? { status: 'refused', reason } : unsure(reason, this.#failure(error));
    }
  }

  /** Returns the queue of an executor. A queue whose first connection failed never connects: the next delivery gets another one. */
  #queue(executor: string): Queue {
    const known = this.#queues.get(executor);
    if (known) return known;
    const queue = new Queue(executor, { connection: this.#client as ConnectionOptions, prefix: this.#prefix });
    queue.on('error', (error) => this.#onError(executor, error));
    this.#queues.set(executor, queue);
    void queue.waitUntilReady().catch(() => this.#drop(executor, queue));
    return queue;
  }

  #drop(executor: string, queue: Queue): void {
    if (this.#queues.get(executor) === queue) this.#queues.delete(executor);
    void queue.close().catch(() => {});
  }
}

function jobOf({ id, runIds, priority, goesAhead }: Delivery) {
  return {
    name: 'run',
    data: { runIds },
    opts: { ...JOB_OPTIONS, jobId: id, priority, ...(goesAhead && { lifo: true }) },
  };
}

/** Returns the outcome of a delivery. If BullMQ returned another id than the given one, that is an error code of its scripts. */
function checked(answered: string | undefined, id: string): DeliveryOutcome {
  return answered === id ? { status: 'queued' } : { status: 'refused', reason: `BullMQ answered ${answered}` };
}

function unsure(reason: string, fault?: unknown): DeliveryOutcome {
  return { status: 'unsure', reason, fault };
}

/** Whether a server refuses just this call. Errors about passing states of a whole server begin with another word than ERR. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError' && error.message.startsWith('ERR');
}
