import { ShutDownError } from './errors.js';

export type LifecycleStatus = 'new' | 'starting' | 'running' | 'shutting down' | 'shut down';

/** `How` says how it is stopped, `Ended` what came of that. */
export interface LifecycleParts<How, Ended> {
  readonly name: 'coordinator' | 'worker';
  /** Begins to serve. Resolves once it does, or is stopped meanwhile. */
  readonly start: () => Promise<unknown>;
  readonly onRunning: () => void;
  /** Ends what was begun, and has `start` resolve. */
  readonly stop: (how: How) => Promise<Ended>;
  /** Disconnects. */
  readonly close: () => Promise<void>;
  readonly onShutDown: (ended: Ended) => void;
}

/** The life of a coordinator or worker: it starts once and is shut down once, however often it is asked to. */
export class Lifecycle<How = void, Ended = void> {
  readonly #parts: LifecycleParts<How, Ended>;
  #status: LifecycleStatus = 'new';
  #started: Promise<void> | undefined;
  #shutDown: Promise<void> | undefined;

  constructor(parts: LifecycleParts<How, Ended>) {
    this.#parts = parts;
  }

  get status(): LifecycleStatus {
    return this.#status;
  }

  /** From the call of `start` on. */
  get isStarted(): boolean {
    return this.#started !== undefined;
  }

  /** Rejects with ShutDownError if it was shut down. */
  start(): Promise<void> {
    if (this.#shutDown) return Promise.reject(new ShutDownError(this.#parts.name));
    this.#started ??= this.#start();
    return this.#started;
  }

  shutdown(how: How): Promise<void> {
    this.#shutDown ??= this.#stop(how);
    return this.#shutDown;
  }

  /** @throws ShutDownError */
  checkOpen(): void {
    if (this.#shutDown) throw new ShutDownError(this.#parts.name);
  }

  async #start(): Promise<void> {
    this.#status = 'starting';
    await this.#parts.start();
    if (this.#shutDown) return;
    this.#status = 'running';
    this.#parts.onRunning();
  }

  async #stop(how: How): Promise<void> {
    this.#status = 'shutting down';
    const ended = await this.#parts.stop(how);
    await this.#started;
    await this.#parts.close();
    this.#status = 'shut down';
    this.#parts.onShutDown(ended);
  }
}
