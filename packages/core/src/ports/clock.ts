/** Time as a process sees it. Times that must agree across processes are taken from the job store, never from here. */
export interface Clock {
  /** Milliseconds. Only the difference of two times has a meaning. */
  now(): number;
  /** Calls back once after `ms`. The returned function cancels that. */
  after(ms: number, callback: () => void): () => void;
  /**
   * Resolves after a few ms, and not a millisecond late, as timers are: it keeps the processor busy until then. Left out if timers are never
   * late, or nothing is so urgent.
   */
  readonly exactly?: ((ms: number) => Promise<void>) | undefined;
  /**
   * The time of upkeep. Upkeep only keeps things as they are, or finds out that they are not: leases and their renewal, and looks for changes
   * whose message was lost. A virtual clock stops this time while upkeep could change nothing. Default: the clock itself.
   */
  readonly upkeep?: Clock | undefined;
  /** For how long this process has kept processors busy, ms. Left out if time passes by itself, whatever is done. */
  readonly busyMs?: (() => number) | undefined;
  /**
   * Calls a function that may do real I/O: a virtual clock waits for it before time passes. Default: a plain call.
   * @param isElsewhere whether the work is done in another thread or process: the clock cannot see it, and waits for all of it.
   */
  readonly track?: (<T>(call: () => Promise<T>, isElsewhere?: boolean) => Promise<T>) | undefined;
}

/** The clock for leases, their renewal, and looks for what was missed. */
export function upkeepOf(clock: Clock): Clock {
  return clock.upkeep ?? clock;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

/** When this process began, ms. */
const ORIGIN = performance.timeOrigin;

/** The process's own clock. */
export const systemClock: Clock = {
  now: () => ORIGIN + performance.now(),
  busyMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/**
 * The clock of a process that keeps its job stores itself. Instants are those of the clock on the wall. The time of upkeep stands still: all members
 * live and die together, so no lease can end, however long a task blocks the event loop (docs/decisions/0009-time-of-upkeep.md).
 */
export const wallClock: Clock = {
  now: () => Date.now(),
  after: systemClock.after,
  exactly(ms) {
    const [at, until] = [Date.now() + ms, performance.now() + ms];
    return new Promise((resolve) => {
      const look = () => {
        if (Date.now() >= at || performance.now() >= until) resolve();
        else setImmediate(look);
      };
      look();
    });
  },
  upkeep: { now: () => 0, after: () => () => {} },
};

/** How long a worker, executor or job store that leaves waits for a Redis or a task that does not answer, ms. */
export const LEAVE_MS = 5_000;

/** Waits for a promise, for a time at most. Rejects if the promise rejects within that time. */
export async function within(clock: Clock, ms: number, promise: Promise<unknown> | undefined): Promise<void> {
  let cancel = () => {};
  const timeout = new Promise<void>((resolve) => {
    cancel = clock.after(ms, resolve);
  });
  try {
    await Promise.race([promise, timeout]);
  } finally {
    cancel();
  }
}

/** Waits for a promise that may never settle. @param late makes the error to reject with once the time is over. */
export function inTime<T>(clock: Pick<Clock, 'after'>, ms: number, promise: Promise<T>, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(late()));
    const answered = (value: T) => {
      cancel();
      resolve(value);
    };
    const failed = (error: unknown) => {
      cancel();
      reject(error);
    };
    promise.then(answered, failed);
  });
}
