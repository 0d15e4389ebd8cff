import { Coordinator } from '@carillon/coordinator';
import {
  type CarillonEvent,
  type Duration,
  type EventOf,
  type EventType,
  InvalidOptionsError,
  Scheduler,
  type SchedulerSettings,
  type TaskMap,
} from '@carillon/core';
import { checkNames, defaultLogger, shown } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker, type WorkerSettings } from '@carillon/worker';

export interface TestClusterOptions<T>
  extends Omit<SchedulerSettings, 'prefix'>,
    Pick<
      WorkerSettings<T>,
      'tasks' | 'setup' | 'teardown' | 'setupTimeout' | 'teardownTimeout' | 'taskFile' | 'executors' | 'shutdownTimeout'
    > {
  /** The instant at which the clock starts: a Date, or a string such as `'2026-03-27T12:00:00Z'`; default: the start of 2026, UTC. */
  readonly start?: Date | string | undefined;
  /** How much real time the clock gives each execution for real I/O, before virtual time passes anyway; default: `'3s'`. */
  readonly patience?: Duration | undefined;
}

const OF_SCHEDULER = ['logger', 'jobStores', 'timezone', 'jobDefaults'];
const OF_WORKER = [
  'tasks',
  'setup',
  'teardown',
  'setupTimeout',
  'teardownTimeout',
  'taskFile',
  'executors',
  'shutdownTimeout',
];
const SHUTDOWN_LIMIT = '1d';

/** A whole cluster for a test: a scheduler, a coordinator and a worker, in memory, on a virtual clock. */
export class TestCluster<T extends TaskMap<T>> implements AsyncDisposable {
  readonly clock: VirtualClock;
  /** The replacement for Redis: `cluster.connect()` is the `backend` of one more scheduler, coordinator or worker. */
  readonly cluster: MemoryCluster;
  readonly scheduler: Scheduler<T>;
  readonly coordinator: Coordinator;
  readonly worker: Worker<T>;
  /** All events so far, of all job stores, oldest first. */
  readonly events: readonly CarillonEvent[];
  readonly #events: CarillonEvent[] = [];
  #shutDown: Promise<void> | undefined;

  /** @throws InvalidOptionsError */
  constructor(options: TestClusterOptions<T>) {
    checkNames(options, [...OF_SCHEDULER, ...OF_WORKER, 'start', 'patience'], 'testCluster');
    const { tasks, setup, teardown, setupTimeout, teardownTimeout, taskFile, executors, shutdownTimeout, ...rest } =
      options;
    const { start, patience, ...settings } = rest;
    const { logger = silent(), jobStores } = settings;
    this.events = this.#events;
    this.clock = new VirtualClock(instantOf(start), { patience });
    this.cluster = new MemoryCluster({ clock: this.clock });
    const common = () => ({ backend: this.cluster.connect(), logger, jobStores });
    this.scheduler = new Scheduler<T>({ ...settings, ...common() });
    this.coordinator = new Coordinator(common());
    const work = { tasks, setup, teardown, setupTimeout, teardownTimeout, taskFile, executors, shutdownTimeout };
    this.worker = new Worker<T>({ ...common(), ...work });
  }

  /** The events of one type so far, oldest first. */
  readonly eventsOf = <Type extends EventType>(type: Type): readonly EventOf<Type>[] =>
    this.#events.filter((event): event is EventOf<Type> => event.type === type);

  /** Shuts all three down. The clock advances as far as running tasks need it, for up to `shutdownTimeout`. */
  readonly shutdown = (): Promise<void> => {
    this.#shutDown ??= this.#stop();
    return this.#shutDown;
  };

  /** Starts all three, and records events. Resolves once the coordinator leads. */
  async start(): Promise<void> {
    await this.scheduler.addListener((event) => void this.#events.push(event));
    await Promise.all([this.coordinator.start(), this.worker.start()]);
    await this.clock.advance(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  async #stop(): Promise<void> {
    await this.clock.advanceUntil(this.worker.shutdown(), SHUTDOWN_LIMIT);
    await this.clock.advanceUntil(this.coordinator.shutdown(), SHUTDOWN_LIMIT);
    await this.scheduler.shutdown();
  }
}

/**
 * Sets up and starts a whole cluster in memory, for a test: `await using cluster = await testCluster({ tasks })`.
 * @throws InvalidOptionsError
 */
export async function testCluster<T extends TaskMap<T>>(options: TestClusterOptions<T>): Promise<TestCluster<T>> {
  const cluster = new TestCluster<T>(options);
  await cluster.start();
  return cluster;
}

function instantOf(start: Date | string | undefined): Date | undefined {
  if (start === undefined) return undefined;
  const isInstant = start instanceof Date || (typeof start === 'string' && /T.*(Z|[+-]\d\d:?\d\d)$/.test(start));
  const date = new Date(isInstant ? start : Number.NaN);
  if (isInstant && !Number.isNaN(date.getTime())) return date;
  throw new InvalidOptionsError(
    `start: ${shown(start)} is not an instant: give a Date, or such as "2026-03-27T12:00:00Z"`,
  );
}

function silent() {
  const logger = defaultLogger();
  logger.level = 'silent';
  return logger;
}
