import type { Clock } from '@carillon/core/internal';
import type { MaybePromise } from '../maybe-promise.js';
import type { ResourceLimits } from '../resources.js';
import type { SchemaPrints } from '../schema-prints.js';
import { LOAD_MS } from '../task-file.js';
import { type HostedCall, type HostedCallParts, hostCall } from './host-call.js';
import { Limits, type Started } from './limits.js';
import { LoadWatch } from './load-watch.js';
import type { Outcome } from './outcome.js';
import { Pool } from './pool.js';
import { Semaphore } from './semaphore.js';
import type { PoolKind, TaskCall, TaskRunner, Unserved } from './task-runner.js';

export interface PoolRunnerOptions {
  readonly kind: PoolKind;
  readonly concurrency: number;
  /** The module that exports the tasks. */
  readonly taskFile: URL;
  readonly clock: Clock;
  /** How long that module may take to load, ms; default: 30 s. */
  readonly loadMs?: number | undefined;
  /** How long its `setup` and `teardown` may take. */
  readonly limits: ResourceLimits;
  /** Called with a thread or child process that dies while it runs nothing. */
  readonly onIdleDeath: (error: Error) => void;
  /** Called if the module takes longer to load than is usual. */
  readonly onSlowLoad: () => void;
  /** Called with prints of the schemas of the tasks that were loaded, once for each thread or child process. */
  readonly onSchemas: (schemas: SchemaPrints) => void;
  /** Called with the error of each thread or child process that failed to close its resources. */
  readonly onTeardownFailure: (error: Error) => void;
}

/** How much longer than its limit this process waits for a teardown, ms: the thread or child process can report a better error. */
const TOLD_MS = 500;

/** Runs tasks in threads or child processes, each task in one of its own. A task that ignores its signal is killed. */
export class PoolRunner implements TaskRunner {
  readonly #options: PoolRunnerOptions;
  readonly #limits: Limits;
  readonly #hosts: Semaphore;
  readonly #loads: LoadWatch;
  #pool: Pool | undefined;
  #calls = 0;
  #closed: Promise<void> | undefined;

  constructor(options: PoolRunnerOptions) {
    this.#options = options;
    this.#limits = new Limits(options.clock);
    this.#hosts = new Semaphore(options.concurrency);
    this.#loads = new LoadWatch(options.clock, options.onSlowLoad);
  }

  get unserved(): Unserved | null {
    return this.#loads.unserved;
  }

  run({ payload, execution, calls, stop, cancelled }: TaskCall): MaybePromise<Outcome> {
    return this.#limits.run({
      signal: stop,
      cancelled,
      timeoutMs: payload.timeoutMs,
      start: ({ signal }, begin) => this.#start({ payload, execution, signal, calls, begin }),
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#limits.close();
    const pool = this.#pool;
    if (!pool) return;
    const { clock, limits, onTeardownFailure } = this.#options;
    const close = async () => {
      for (const error of await pool.tearDown(limits.teardownMs + TOLD_MS)) onTeardownFailure(error);
      await pool.close();
    };
    await (clock.track?.(close, true) ?? close());
  }

  #start(given: Pick<HostedCallParts, 'payload' | 'execution' | 'signal' | 'calls' | 'begin'>): Started {
    let call: HostedCall | undefined;
    const host = async (): Promise<Outcome> => {
      if (!(await this.#hosts.acquire(given.signal))) return { outcome: 'aborted' };
      const { kind, concurrency, taskFile, limits, onIdleDeath, onSchemas, loadMs = LOAD_MS } = this.#options;
      this.#pool ??= new Pool(kind, concurrency, onIdleDeath);
      this.#calls++;
      const loading = this.#loads.begin();
      const ready = () => loading.done();
      const from = { kind, taskFile, loadMs, limits, onSchemas };
      call = hostCall({ ...given, ...from, ready, pool: this.#pool, callId: this.#calls });
      void call.over.then(() => this.#hosts.release());
      const outcome = await call.ended;
      if (outcome.outcome === 'error') loading.failed(outcome.error.message);
      else loading.gone();
      return outcome;
    };
    // What happens there cannot be seen from here: a virtual clock waits for the whole of it.
    return { ended: this.#options.clock.track?.(host, true) ?? host(), kill: async () => call?.kill() };
  }
}
