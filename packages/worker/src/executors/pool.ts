import { type ErrorInfo, inTime, systemClock } from '@carillon/core/internal';
import { Tinypool, type TinypoolWorker } from 'tinypool';
import type { InsideOrder } from './messages.js';
import { remade } from './outcome.js';
import type { PoolLine } from './pool-line.js';
import { RUN_INSIDE } from './run-inside-file.js';
import type { PoolKind } from './task-runner.js';

/** A call in progress in the pool. */
export interface PoolCall {
  /** Resolves once the thread or child process is free again; rejects with the reason once it is gone. */
  readonly done: Promise<void>;
  /** Called as the call arrives there: the id of the thread or process. */
  arrivedAt(place: number): void;
  /** Called once the resources of its tasks are open there. */
  opened(hasTeardown: boolean): void;
  /** Resolves once the thread or child process is gone. */
  kill(): Promise<void>;
}

interface Hosted {
  readonly drop: AbortController;
  /** The thread or child process of the call; left out if it has not arrived in any. */
  worker?: TinypoolWorker | undefined;
  /** Why it will not end. */
  death?: Error | undefined;
}

/** A timer of Node.js that is set for longer ends at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Threads or child processes, which are started when they are first needed, and kept. Callers make at most as many calls at once as it
 * has places: then each call that waits in tinypool has a thread that is starting for it. See docs/decisions/0004.
 */
export class Pool {
  readonly #pool: Tinypool;
  readonly #kind: PoolKind;
  readonly #onIdleDeath: (error: Error) => void;
  readonly #exits = new Map<TinypoolWorker, Promise<void>>();
  readonly #hosted = new Set<Hosted>();
  /** The threads and processes in which `teardown` has to be called after their last task. */
  readonly #toTearDown = new Set<TinypoolWorker>();
  /** How many calls failed before their arrival was reported: each has a thread or process that is about to exit. */
  #unheard = 0;
  #isClosing = false;

  constructor(kind: PoolKind, size: number, onIdleDeath: (error: Error) => void) {
    this.#kind = kind;
    this.#onIdleDeath = onIdleDeath;
    this.#pool = new Tinypool({
      filename: RUN_INSIDE,
      ...(kind === 'thread' ? { runtime: 'worker_threads' } : { runtime: 'child_process', env: environment() }),
      minThreads: 0,
      maxThreads: size,
      idleTimeout: LONGEST_MS,
      // Else a thread is frozen between calls, and with it what its tasks keep open, such as connections.
      useAtomics: false,
    });
    // An idle thread or process died, or one cannot be started at all, without an exit.
    this.#pool.on('error', (error: Error) => this.#dropStranded(error));
  }

  run(line: PoolLine): PoolCall {
    const hosted: Hosted = { drop: new AbortController() };
    this.#hosted.add(hosted);
    const done = this.#host(hosted, line);
    this.#watchNewcomers();
    return {
      done,
      arrivedAt: (place) => {
        hosted.worker = this.#pool.threads.find(({ threadId }) => threadId === place);
      },
      opened: (hasTeardown) => {
        if (hasTeardown && hosted.worker) this.#toTearDown.add(hosted.worker);
      },
      kill: () => this.#kill(hosted, done),
    };
  }

  /**
   * Closes the resources of the tasks in each thread or child process; it is called when no call is left. Returns the errors of those
   * that failed.
   * @param limitMs how long it waits for each
   */
  async tearDown(limitMs: number): Promise<readonly Error[]> {
    if (this.#toTearDown.size === 0) return [];
    this.#isClosing = true;
    // Each takes one order at a time: as many as there are places go to all of them, also to those with nothing to do.
    const order: InsideOrder = { teardown: true };
    const late = () => new Error(`its teardown has kept it busy for ${limitMs / 1_000} s: it is killed`);
    const all = this.#pool.threads.map(async () => {
      const failure: ErrorInfo | undefined = await inTime(systemClock, limitMs, this.#pool.run(order), late);
      if (failure) throw remade(failure);
    });
    const ended = await Promise.allSettled(all);
    return ended.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#pool.destroy();
  }

  async #host(hosted: Hosted, { value, transferList, channel }: PoolLine): Promise<void> {
    const given = { ...(transferList && { transferList: [...transferList] }), ...(channel && { channel }) };
    try {
      await this.#pool.run(value, { ...given, signal: hosted.drop.signal });
    } catch (error) {
      const { worker } = hosted;
      if (worker === undefined && !hosted.drop.signal.aborted) this.#unheard++;
      // One that is still in the pool lives on.
      if (worker && !this.#pool.threads.includes(worker)) await this.#exits.get(worker);
      throw hosted.death ?? error;
    } finally {
      this.#hosted.delete(hosted);
    }
  }

  async #kill({ worker, drop }: Hosted, done: Promise<void>): Promise<void> {
    // tinypool would ask a child process to end, and give it a second. It has had its time.
    if (this.#kind === 'process' && worker && this.#exits.has(worker)) killProcess(worker.threadId);
    else drop.abort();
    await done.catch(() => {});
  }

  #watchNewcomers(): void {
    for (const worker of this.#pool.threads) {
      if (this.#exits.has(worker)) continue;
      const exit = new Promise<void>((resolve) => {
        worker.once('exit', (code: number | null, signal?: string | null) => {
          this.#exits.delete(worker);
          this.#toTearDown.delete(worker);
          this.#onExit(worker, new Error(`it ended with ${signal ?? `exit code ${code}`}`));
          resolve();
        });
      });
      this.#exits.set(worker, exit);
    }
  }

  #onExit(worker: TinypoolWorker, death: Error): void {
    const call = [...this.#hosted].find((hosted) => hosted.worker === worker);
    // If a thread dies, tinypool reports why.
    if (call && this.#kind === 'process') call.death ??= death;
    // tinypool does not see a thread end by itself (`process.exit`): its call would never end, its place stay taken.
    if (this.#pool.threads.includes(worker)) worker.emit('error', death);
    if (call === undefined && !this.#isClosing) setImmediate(() => this.#afterExit(death));
  }

  /**
   * While this process is busy, the exit of a process can be reported before the arrival of its call. Then the exit belongs to that
   * call, which has failed already.
   */
  #afterExit(death: Error): void {
    if (this.#unheard > 0) this.#unheard--;
    else this.#onIdleDeath(death);
  }

  /** If a thread dies before it is ready, tinypool never ends the call that waits for it, the last one in line. */
  #dropStranded(error: Error): void {
    setImmediate(() => {
      const waiting = [...this.#hosted].filter(({ worker, drop }) => !worker && !drop.signal.aborted);
      for (const hosted of waiting.slice(waiting.length - this.#pool.queueSize)) {
        hosted.death = error;
        hosted.drop.abort();
      }
    });
  }
}

function environment(): Record<string, string> {
  const given = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries(given);
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
