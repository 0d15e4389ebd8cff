import { type Clock, inTime } from '@carillon/core/internal';
import { type Failed, placeFailed } from './executors/outcome.js';
import { reasonOf } from './reason.js';

/** The functions that open and close the resources of tasks; each may be async. */
export interface TaskHooks {
  readonly setup?: (() => unknown) | undefined;
  readonly teardown?: (() => unknown) | undefined;
}

export interface ResourceLimits {
  readonly setupMs: number;
  readonly teardownMs: number;
}

export interface ResourcesParts extends TaskHooks, ResourceLimits {
  /** Their owner, for messages: the path of a module. */
  readonly owner: string;
  readonly clock: Clock;
}

/**
 * The resources of tasks in one place: a worker's event loop, a thread, or a child process. They are opened before the first task, and
 * closed after the last one. All tasks that wait share one call of `setup`; after a failure it is called again.
 */
export class Resources {
  readonly #parts: ResourcesParts;
  #isOpen: boolean;
  #opening: Promise<Failed | undefined> | undefined;
  #closing: Promise<Error | undefined> | undefined;

  constructor(parts: ResourcesParts) {
    this.#parts = parts;
    // What a module opens as it is loaded, its teardown closes.
    this.#isOpen = parts.setup === undefined;
  }

  get hasTeardown(): boolean {
    return this.#parts.teardown !== undefined;
  }

  /**
   * Called before each task. Returns undefined if there is nothing to wait for; else a promise, with the reason if no task can be
   * called.
   */
  open(): Promise<Failed | undefined> | undefined {
    if (this.#closing) return this.#closing.then(() => this.open());
    const { setup } = this.#parts;
    if (!setup) this.#isOpen = true;
    if (this.#isOpen || !setup) return undefined;
    this.#opening ??= this.#open(setup).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Called when no task is running; tasks may be called again later. Returns the error if it failed. Never rejects. */
  close(): Promise<Error | undefined> {
    this.#closing ??= this.#close().finally(() => {
      this.#closing = undefined;
    });
    return this.#closing;
  }

  async #open(setup: () => unknown): Promise<Failed | undefined> {
    const { owner, clock, setupMs } = this.#parts;
    const call = async () => {
      await setup();
      // Also where no task waits for it any more.
      this.#isOpen = true;
    };
    const late = () => new Late(`has not finished after ${setupMs / 1_000} s: let it do less, or raise setupTimeout`);
    try {
      await inTime(clock, setupMs, clock.track?.(call) ?? call(), late);
      return undefined;
    } catch (error) {
      return placeFailed('TASK_SETUP', `setup of ${owner} ${howItFailed(error)}; the next run calls it again`);
    }
  }

  async #close(): Promise<Error | undefined> {
    const { owner, clock, teardown, teardownMs } = this.#parts;
    let name = 'setup';
    const call = async () => {
      await this.#opening;
      if (!this.#isOpen) return;
      this.#isOpen = false;
      name = 'teardown';
      await teardown?.();
    };
    const late = () =>
      new Late(`has not finished after ${teardownMs / 1_000} s: let it do less, or raise teardownTimeout`);
    try {
      await inTime(clock, teardownMs, clock.track?.(call) ?? call(), late);
      return undefined;
    } catch (error) {
      return new Error(`${name} of ${owner} ${howItFailed(error)}`, { cause: error });
    }
  }
}

/** An error whose message is the end of a sentence. */
class Late extends Error {}

function howItFailed(error: unknown): string {
  return error instanceof Late ? error.message : `failed: ${reasonOf(error)}`;
}
