import {
  because,
  type DeliveryConsumer,
  LEAVE_MS,
  type Outage,
  OutageWatch,
  type WorkerBackend,
  within,
} from '@carillon/core/internal';
import { DeliveryHandler, type DeliveryParts } from './delivery-handler.js';
import type { Executor } from './executors/executors.js';
import { STOPPED_MS } from './executors/limits.js';
import type { Unserved } from './executors/task-runner.js';
import type { Hold } from './hold.js';

export interface IntakeParts extends Omit<DeliveryParts, 'runner' | 'durations' | 'isLimited' | 'clock' | 'chance'> {
  readonly backend: WorkerBackend;
  readonly executor: Executor;
}

/** An outage because of which a worker serves no executor of a job store. */
export interface OfStation extends Outage {
  readonly reason: 'not_taking' | 'format_not_read';
}

/** Takes the runs of one executor in one job store. */
export class Intake {
  readonly executor: Executor;
  readonly #parts: IntakeParts;
  readonly #handler: DeliveryHandler;
  readonly #consumer: DeliveryConsumer;
  /** An outage until the consumer is started. */
  readonly #starting: OutageWatch;
  #started: Promise<void> | undefined;
  #stopped: Promise<number> | undefined;
  /** Ends the wait for runs to finish. */
  #hurry: () => void = () => {};

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.executor = parts.executor;
    const { backend, jobStore, leaseMs, executor } = parts;
    const { alias, slots, globalConcurrency, rateLimit, runner, durations } = executor;
    const { clock, chance } = backend;
    this.#starting = new OutageWatch(clock);
    this.#starting.began('it is being started');
    const isLimited = Boolean(globalConcurrency ?? rateLimit);
    this.#handler = new DeliveryHandler({ ...parts, runner, durations, isLimited, clock, chance });
    const handle = this.#handler.handle.bind(this.#handler);
    const limits = { globalConcurrency, rateLimit };
    this.#consumer = backend.consumer(jobStore, { executor: alias, slots: slots.join(), ...limits, leaseMs, handle });
  }

  /** May be called again after it rejects. */
  async start(): Promise<void> {
    if (this.#stopped) return;
    const started = this.#started ?? this.#consumer.start();
    this.#started = started;
    try {
      await this.#starting.over(() => started);
    } catch (error) {
      this.#started = undefined;
      throw error;
    }
  }

  /**
   * Why it does not serve its executor; null if it does, or no longer has to.
   * @param ofStation the outage of all executors of the job store
   * @param ofBus the outage of the connection for events
   */
  unserved(ofStation: OfStation | null, ofBus: Outage | null): Unserved | null {
    if (this.#stopped) return null;
    const openedAt = this.#starting.outage?.since ?? 0;
    if (ofStation) return { ...ofStation, since: Math.max(ofStation.since, openedAt) };
    const { outage: starting } = this.#starting;
    const outage = starting ? because(starting, this.#consumer.outage) : this.#consumer.outage;
    if (outage) return { ...outage, reason: 'not_taking' };
    return this.executor.runner.unserved ?? (ofBus && { ...ofBus, reason: 'not_hearing' });
  }

  keepLimits(): Promise<void> {
    return this.#consumer.keepLimits();
  }

  /**
   * Stops taking runs, and lets its runs finish within the limit. Then it aborts the others and hands them back. Returns how many it
   * handed back. Of several calls, the shortest limit counts.
   */
  async stop(limitMs: number): Promise<number> {
    this.#stopped ??= this.#stop();
    const cancel = this.#parts.backend.clock.after(limitMs, () => this.#hurry());
    try {
      return await this.#stopped;
    } finally {
      cancel();
    }
  }

  async #stop(): Promise<number> {
    const { backend, held } = this.#parts;
    const { alias } = this.executor;
    const hurried = new Promise<void>((resolve) => {
      this.#hurry = resolve;
    });
    await within(backend.clock, LEAVE_MS, this.#handler.close());
    if (this.#started) {
      await within(backend.clock, LEAVE_MS, this.#consumer.pause());
      await Promise.race([held.empty(alias), hurried]);
    }
    const rest = held.of(alias);
    if (rest.length > 0) await this.#handBack(rest);
    await within(backend.clock, LEAVE_MS, Promise.allSettled([this.#consumer.close()]));
    return rest.length;
  }

  /** Stops these runs as far as possible, before other workers may run them. */
  async #handBack(rest: readonly Hold[]): Promise<void> {
    const { backend, held, ledger } = this.#parts;
    for (const { abort } of rest)
      abort.abort(new Error('the worker is shutting down: this run will run again elsewhere'));
    await within(backend.clock, STOPPED_MS, held.empty(this.executor.alias));
    await within(backend.clock, LEAVE_MS, Promise.allSettled([ledger.handBack({ held: rest })]));
    for (const run of rest) run.release();
  }
}
