import type { SkipReason } from './context.js';
import type { Logger } from './logger.js';
import type { RunCoordinator, TaskOptions } from './options.js';

/** Whether this process executes a fire. */
export interface Turn {
  readonly skipped?: SkipReason;
  end(): Promise<void>;
}

type Asked = Pick<TaskOptions, 'distributed' | 'runCoordinator' | 'distributedLease'>;

const OURS: Turn = { end: async () => {} };
const LEASE_MS = 30_000;

/** Asks a coordinator if schedules are in memory: without Redis, processes agree by it. */
export class Turns {
  coordinator: RunCoordinator | undefined;
  readonly #isShared: () => boolean;
  readonly #logger: () => Logger;

  constructor(isShared: () => boolean, logger: () => Logger) {
    this.#isShared = isShared;
    this.#logger = logger;
  }

  async take({ distributed, runCoordinator, distributedLease = LEASE_MS }: Asked, key: string): Promise<Turn> {
    if (!distributed || this.#isShared()) return OURS;
    const coordinator = runCoordinator ?? this.coordinator ?? byEnvironment;
    try {
      if (!(await coordinator.shouldRun(key, distributedLease))) return { ...OURS, skipped: 'not-elected' };
    } catch (error) {
      this.#logger().error('node-cron: the coordinator failed: the fire is skipped', error as Error);
      return { ...OURS, skipped: 'coordinator-error' };
    }
    return { end: () => this.#end(coordinator, key) };
  }

  async #end(coordinator: RunCoordinator, key: string): Promise<void> {
    try {
      await coordinator.onComplete?.(key);
    } catch (error) {
      this.#logger().error('node-cron: onComplete of the coordinator failed', error as Error);
    }
  }
}

/** `NODE_CRON_RUN=false`: another process runs them. */
const byEnvironment: RunCoordinator = { shouldRun: () => process.env.NODE_CRON_RUN !== 'false' };
