import { ConnectionError } from '@carillon/core';
import {
  type ConsumerOptions,
  type DeliveryConsumer,
  inTime,
  type Outage,
  OutageWatch,
  systemClock,
} from '@carillon/core/internal';
import { type ConnectionOptions, Worker } from 'bullmq';
import { ConnectionWatch } from '../connection/connection-watch.js';
import type { Connected } from '../connection/connections.js';
import { BullmqFetcher } from './bullmq-fetcher.js';
import { keepLimits, type LimitedQueue, writeLimits } from './bullmq-limits.js';
import { BullmqLocks } from './bullmq-locks.js';

/** The ledger decides whether a run may be tried again, so BullMQ's own limit on stalls is set too high to be reached. */
const NO_STALL_LIMIT = 1_000_000_000;
/** A start that takes longer is given up and tried again: what it waits for may have been lost silently. */
const READY_MS = 15_000;

/** BullMQ's message for a connection that it gives up, whatever the reason. */
const CLOSED = 'Connection is closed.';

/** Takes deliveries from one executor's queue in BullMQ. */
export class BullmqConsumer implements DeliveryConsumer {
  /** BullMQ's workers share this connection. */
  readonly #shared: Connected;
  readonly #prefix: string;
  readonly #options: ConsumerOptions;
  readonly #onError: (error: Error) => void;
  readonly #failure: (error: unknown) => unknown;
  readonly #stopping = new AbortController();
  #worker: Worker | undefined;
  #locks: BullmqLocks | undefined;
  #fetcher: BullmqFetcher | undefined;
  #fetching: Promise<void> | undefined;
  /** Watches the connection on which BullMQ waits for deliveries. */
  #waiting: ConnectionWatch | undefined;
  /** Keeps that connection from being made again. */
  #endWaiting: () => void = () => {};
  /** Since when BullMQ's worker has failed to make its first connection. */
  readonly #opening = new OutageWatch(systemClock);
  /** The error with which that failed last. */
  #error: Error | undefined;

  /** @param failure returns what to throw for an error of the client's. */
  constructor(
    shared: Connected,
    prefix: string,
    options: ConsumerOptions,
    onError: (error: Error) => void,
    failure: (error: unknown) => unknown,
  ) {
    this.#failure = failure;
    this.#shared = shared;
    this.#prefix = prefix;
    this.#options = options;
    this.#onError = onError;
  }

  /** If it rejects, the caller may try again: then each part that waits for a connection is made again. */
  async start(): Promise<void> {
    await this.#start().catch((error) => {
      throw this.#failure(error);
    });
  }

  async #start(): Promise<void> {
    const { signal } = this.#stopping;
    await ready(writeLimits(this.#limited), 'the limits of an executor were not written');
    if (signal.aborted) return;
    const worker = await this.#ready();
    if (signal.aborted || !worker) return;
    const waiting = await worker.backend.blockingClient;
    this.#waiting = waiting && new ConnectionWatch(waiting);
    if (waiting) this.#endWaiting = () => neverAgain(waiting);
    const { executor, slots, handle, leaseMs } = this.#options;
    const onError = this.#onError;
    const locks = new BullmqLocks(worker, leaseMs, onError);
    this.#locks = locks;
    this.#fetcher = new BullmqFetcher({ executor, slots, handle, worker, locks, stopping: signal, onError });
    this.#fetching = this.#fetcher.run();
  }

  get outage(): Outage | null {
    const { watch } = this.#shared;
    return watch.outage ?? this.#opening.outage ?? this.#waiting?.outage ?? this.#fetcher?.outage ?? null;
  }

  async keepLimits(): Promise<void> {
    if (!this.#fetcher || this.#stopping.signal.aborted) return;
    await keepLimits(this.#limited).catch((error) => {
      throw this.#failure(error);
    });
  }

  get #limited(): LimitedQueue {
    return { ...this.#options, client: this.#shared.client, prefix: this.#prefix };
  }

  async pause(): Promise<void> {
    this.#stopping.abort();
    this.#options.slots.leave();
    await this.#worker?.pause(true);
  }

  async close(): Promise<void> {
    await this.pause();
    const isConnected = this.#shared.client.status === 'ready';
    if (isConnected) await this.#fetcher?.handled();
    this.#locks?.close();
    this.#endWaiting();
    // By force: otherwise it would wait until its wait on the queue ends, which for a client that is not connected is never.
    await this.#worker?.close(true);
    if (isConnected) await this.#fetching;
  }

  /** Makes BullMQ's worker, and returns it connected; undefined if it is to stop. A worker whose first connection failed never connects. */
  async #ready(): Promise<Worker | undefined> {
    const worker = this.#open();
    this.#worker = worker;
    try {
      await ready(worker.waitUntilReady(), 'the connection that waits for deliveries was not made');
      await ready(worker.startStalledCheckTimer(), 'the queue was not looked at for deliveries whose worker is lost');
      this.#opening.ended();
      return worker;
    } catch (error) {
      if (this.#stopping.signal.aborted) return undefined;
      this.#worker = undefined;
      void worker.close(true).catch(() => {});
      // This error only says that the connection is closed. An earlier error said why.
      throw this.#error ?? error;
    }
  }

  #open(): Worker {
    const { executor, leaseMs } = this.#options;
    const worker = new Worker(executor, undefined, {
      connection: this.#shared.client as ConnectionOptions,
      prefix: this.#prefix,
      lockDuration: leaseMs,
      stalledInterval: Math.ceil(leaseMs / 2),
      maxStalledCount: NO_STALL_LIMIT,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    return worker.on('error', (error) => {
      if (!this.#fetcher && error.message !== CLOSED) {
        this.#opening.began(error);
        this.#error = error;
      }
      this.#onError(error);
    });
  }
}

/**
 * Keeps a client from connecting again. BullMQ makes its waiting connection again if it waited for too long, for example after the process
 * stood still. It does not notice that its worker was closed meanwhile, and the connection would keep the process alive for good.
 */
function neverAgain(client: { connect(): Promise<void> }): void {
  client.connect = () => Promise.reject(new Error(CLOSED));
}

function ready(work: Promise<void>, otherwise: string): Promise<void> {
  return inTime(systemClock, READY_MS, work, () => new ConnectionError(`${otherwise} within ${READY_MS / 1_000} s`));
}
