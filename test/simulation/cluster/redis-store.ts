import { MessageChannel, type MessagePort, receiveMessageOnPort, threadId, Worker } from 'node:worker_threads';
import { FormatTooNewError, type StoreMeasure } from '@carillon/core';
import type {
  Channel,
  EventPage,
  EventPosition,
  Formats,
  HandBackParams,
  HeartbeatParams,
  HeldRun,
  StoreLook,
} from '@carillon/core/internal';
import { FORMATS } from '@carillon/core/internal';
import type { Contents, MemoryCluster } from '@carillon/core/memory';
import { eventsOf } from '@carillon/redis';
import { measuredAlike } from './measured.js';
import { LogIds } from './redis-log.js';
import { type Look, NOTHING, seen } from './redis-look.js';
import { JOB_STORE, type OpenStore, type SimulatedStore, StoreFault, type StoreMethod } from './store.js';
import type { Call } from './wire.js';

/** A call, with what of its surroundings the scripts look at. */
interface Question extends StoreMethod {
  readonly kind: 'call';
  readonly params: unknown;
  /** The store's time, ms. */
  readonly at: number;
  /** What the caller reads. */
  readonly formats: Formats;
  /** Under which value the leader's lock is held. */
  readonly lock: string | null;
  /** The delivery that a call is about, as its queue has it. */
  readonly delivery: { readonly executor: string; readonly id: string; readonly isQueued: boolean } | null;
}

interface Answer {
  readonly answer: unknown;
  /** The caller does not read the format of the store. */
  readonly refused?: { readonly format: number; readonly reads: number };
  /** Channels and messages, in the order in which Redis told them. */
  readonly published: readonly (readonly [channel: string, message: string])[];
  /** null: nothing can have changed. */
  readonly look: Look | null;
}

const ANSWER_MS = 30_000;
const UNANSWERED = `no answer of Redis within ${ANSWER_MS} ms: has everything been built (npm run build)?`;

/**
 * A job store in a real Redis, with the scripts and the adapter of the product, in a thread of its own. Its calls are made as if
 * they were calls of a function: the simulation stands still until the answer is there. So neither the virtual clock nor
 * anything else goes on meanwhile, and a seed plays in Redis just as in memory.
 */
export class RedisThread {
  readonly #flag = new Int32Array(new SharedArrayBuffer(4));
  readonly #channel = new MessageChannel();
  readonly #worker: Worker;

  /** @param redis a URL; the server may be shared with others. */
  constructor(redis: string) {
    const port = this.#channel.port2;
    this.#worker = new Worker(new URL('./redis-thread.js', import.meta.url), {
      workerData: { port, flag: this.#flag, redis, prefix: `simulation-${process.pid}-${threadId}` },
      transferList: [port],
    });
  }

  /** An empty job store. */
  begin(): void {
    this.#ask({ kind: 'begin' });
  }

  /** @throws StoreFault if Redis, or its adapter, throws. */
  call(question: Question): Answer {
    return this.#ask(question) as Answer;
  }

  /** Keys that are there for nothing, where no job and no run is left. */
  left(): readonly string[] {
    return (this.#ask({ kind: 'left' }) as { readonly left: readonly string[] }).left;
  }

  async close(): Promise<void> {
    this.#channel.port1.close();
    await this.#worker.terminate();
  }

  #ask(question: Question | { readonly kind: 'begin' | 'left' }): unknown {
    Atomics.store(this.#flag, 0, 0);
    post(this.#channel.port1, question);
    // The word that the last answer is there may come after the answer: it is not a word of this one.
    while (Atomics.load(this.#flag, 0) === 0) {
      if (Atomics.wait(this.#flag, 0, 0, ANSWER_MS) === 'timed-out') throw new StoreFault(UNANSWERED);
    }
    const answer: { readonly fault?: string } = receiveMessageOnPort(this.#channel.port1)?.message;
    if (answer.fault !== undefined) throw new StoreFault(`Redis: ${answer.fault}`);
    return answer;
  }
}

/**
 * The job store in Redis; locks, queues and subscriptions are those in memory. What the scripts keep for a time, Redis counts by
 * its own clock: the answers to calls (`op:`, a minute) are made to last and dropped by the simulation's clock instead. All
 * else is kept for an hour at least, which is more than a seed takes by either clock.
 */
class RedisStore implements SimulatedStore {
  readonly #thread: RedisThread;
  readonly #cluster: MemoryCluster;
  readonly #now: () => number;
  readonly #formatsOf: (process: string) => Formats;
  readonly #logIds = new LogIds();
  readonly plansAhead = false;
  #seen = seen(NOTHING);
  /** Those of who makes the call. */
  #formats: Formats = FORMATS;

  constructor(thread: RedisThread, cluster: MemoryCluster, now: () => number, formatsOf: (process: string) => Formats) {
    this.#formatsOf = formatsOf;
    this.#thread = thread;
    this.#cluster = cluster;
    this.#now = now;
  }

  take<T>({ method, params, process }: Call, effect: () => T): T {
    if (!method) return effect();
    this.#formats = this.#formatsOf(process);
    if (method.name === 'events') return this.#events(method, params) as T;
    if (method.name === 'inspect') return this.#inspected(method, params) as T;
    if (method.name === 'measure') return this.#measured(method, params) as T;
    const { answer, published, look } = this.#call(method, params);
    for (const [channel, message] of published) this.#cluster.publish(JOB_STORE, channel as Channel, message);
    if (look) this.#see(look, published);
    return answer as T;
  }

  #call(method: StoreMethod, params: unknown): Answer {
    const answered = this.#thread.call({
      kind: 'call',
      ...method,
      params: sent(method.name, params),
      at: this.#now(),
      lock: this.#lock,
      delivery: method.name === 'reap' ? this.#deliveryOf(params) : null,
      formats: this.#formats,
    });
    const { refused } = answered;
    if (refused) throw new FormatTooNewError(JOB_STORE, refused.format, refused.reads);
    return answered;
  }

  #events(method: StoreMethod, params: unknown): EventPage {
    const { after, limit } = params as { readonly after: EventPosition; readonly limit: number };
    const { answer } = this.#call(method, { after: this.#logIds.inRedis(after), limit });
    return this.#logIds.shown(answer as EventPage);
  }

  /** The lock is in memory. */
  #inspected(method: StoreMethod, params: unknown): StoreLook {
    const { lock } = this.#cluster.contents(JOB_STORE);
    const ledUntil = lock && lock.expiresAt > this.#now() ? lock.expiresAt : null;
    return { ...(this.#call(method, params).answer as StoreLook), ledUntil };
  }

  #measured(method: StoreMethod, params: unknown): StoreMeasure {
    const { answer } = this.#call(method, params);
    const queueOf = (executor: string) => this.#cluster.measureQueue(JOB_STORE, executor);
    return measuredAlike(answer as StoreMeasure, queueOf, this.#lock !== null);
  }

  contents(): Contents {
    return { lock: this.#cluster.contents(JOB_STORE).lock, ...this.#seen };
  }

  left(): readonly string[] {
    return this.#thread.left();
  }

  get #lock(): string | null {
    const { lock } = this.#cluster.contents(JOB_STORE);
    return lock && lock.expiresAt > this.#now() ? lock.value : null;
  }

  #deliveryOf(params: unknown): Question['delivery'] {
    const { suspect } = params as { readonly suspect: { readonly executor: string; readonly deliveryId: string } };
    const { executor, deliveryId: id } = suspect;
    return { executor, id, isQueued: this.#cluster.isQueued(JOB_STORE, executor, id) };
  }

  #see(look: Look, published: Answer['published']): void {
    this.#seen = seen(look);
    const log = look.log.flatMap(([id, fields]) => eventsOf(id, fields));
    this.#logIds.add(
      this.#now(),
      log.map(({ id }) => id),
    );
    const logged = log.map(({ message }) => message);
    const events = published.flatMap(([channel, message]) => (channel.startsWith('events:') ? [message] : []));
    if (logged.join('\n') !== events.join('\n'))
      throw new StoreFault(`published: ${events.join()}; but logged: ${logged.join()}`);
  }
}

export function openRedisStore(thread: RedisThread): OpenStore {
  return (cluster, now, formatsOf) => {
    thread.begin();
    return new RedisStore(thread, cluster, now, formatsOf);
  };
}

function post(port: MessagePort, question: unknown): void {
  try {
    port.postMessage(question);
  } catch (error) {
    throw new StoreFault(`a call cannot be sent: ${error}`);
  }
}

/** What a method is given, as it goes over the wire: a worker gives its runs with more than the port asks for. */
function sent(name: string, params: unknown): unknown {
  const heldOf = (runs: readonly HeldRun[]) => runs.map(({ runId, token }) => ({ runId, token }));
  if (name === 'handBack' || name === 'heartbeat') {
    const { held, ...rest } = params as HandBackParams | HeartbeatParams;
    return { ...rest, held: heldOf(held) };
  }
  return params;
}
