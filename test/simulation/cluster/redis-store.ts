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

/** A call, with the parts of its surroundings that the scripts read. */
interface Question extends StoreMethod {
  readonly kind: 'call';
  readonly params: unknown;
  /** The store's time, ms. */
  readonly at: number;
  /** The formats that the caller reads. */
  readonly formats: Formats;
  /** The value of the leader's lock; null if no leader holds it. */
  readonly lock: string | null;
  /** The delivery that a `reap` is about, and whether its queue has it. */
  readonly delivery: { readonly executor: string; readonly id: string; readonly isQueued: boolean } | null;
}

interface Answer {
  readonly answer: unknown;
  /** Set if the caller does not read the format of the store. */
  readonly refused?: { readonly format: number; readonly reads: number };
  /** Channels and messages, in the order in which Redis published them. */
  readonly published: readonly (readonly [channel: string, message: string])[];
  /** null if nothing can have changed. */
  readonly look: Look | null;
}

const ANSWER_MS = 30_000;
const UNANSWERED = `no answer of Redis within ${ANSWER_MS} ms: has everything been built (npm run build)?`;

/**
 * A job store in a real Redis, with the scripts and the adapter of the product, in a thread of its own. Its calls are synchronous:
 * the simulation blocks until the answer arrives. Neither the virtual clock nor anything else goes on meanwhile. So a seed plays
 * in Redis just as in memory.
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

  /** Empties the job store. */
  begin(): void {
    this.#ask({ kind: 'begin' });
  }

  /** @throws StoreFault if Redis, or its adapter, throws. */
  call(question: Question): Answer {
    return this.#ask(question) as Answer;
  }

  /** Returns the keys that should be gone when no job and no run is left. */
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
    // The thread may notify after the last answer was read: that does not announce this answer.
    while (Atomics.load(this.#flag, 0) === 0) {
      if (Atomics.wait(this.#flag, 0, 0, ANSWER_MS) === 'timed-out') throw new StoreFault(UNANSWERED);
    }
    const answer: { readonly fault?: string } = receiveMessageOnPort(this.#channel.port1)?.message;
    if (answer.fault !== undefined) throw new StoreFault(`Redis: ${answer.fault}`);
    return answer;
  }
}

/**
 * The job store in Redis; locks, queues and subscriptions are those in memory. Redis expires keys by its own clock. So the answers
 * to calls (`op:`, a minute) are made to last, and are dropped by the simulation's clock instead. The scripts keep everything else
 * for an hour at least, which is more than a seed takes by either clock.
 */
class RedisStore implements SimulatedStore {
  readonly #thread: RedisThread;
  readonly #cluster: MemoryCluster;
  readonly #now: () => number;
  readonly #formatsOf: (process: string) => Formats;
  readonly #logIds = new LogIds();
  readonly isNear = false;
  #seen = seen(NOTHING);
  /** The formats of the process that makes the call. */
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

/** Returns the params of a method as they go over the wire: the runs that a worker passes have more fields than the port asks for. */
function sent(name: string, params: unknown): unknown {
  const heldOf = (runs: readonly HeldRun[]) => runs.map(({ runId, token }) => ({ runId, token }));
  if (name === 'handBack' || name === 'heartbeat') {
    const { held, ...rest } = params as HandBackParams | HeartbeatParams;
    return { ...rest, held: heldOf(held) };
  }
  return params;
}
