/** Signals once that something has to stop. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  /** Calls back when it is aborted, but not if it is aborted already. The returned function ends that. */
  onAbort(callback: () => void): () => void;
}

/** An AbortController that costs nothing until it has a listener. Its signal is created when it is read: most runs need none. */
export class LazyAbort implements StopSignal {
  #aborted = false;
  #reason: unknown;
  #listeners: Set<() => void> | undefined;
  #controller: AbortController | undefined;

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** How many listeners it has. */
  get listenerCount(): number {
    return this.#listeners?.size ?? 0;
  }

  /** A second time does nothing. */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    const listeners = this.#listeners;
    this.#listeners = undefined;
    for (const listener of listeners ?? []) listener();
  }

  onAbort(callback: () => void): () => void {
    if (this.#aborted) return () => {};
    // A function of its own, so that the same callback counts twice.
    const listener = () => callback();
    this.#listeners ??= new Set();
    const listeners = this.#listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Aborts together with another one, at once if that is aborted already. The returned function ends that. */
  follow(other: StopSignal): () => void {
    const pass = () => this.abort(other.reason);
    if (other.aborted) pass();
    return other.onAbort(pass);
  }
}

export function stopSignalOf(signal: AbortSignal): StopSignal {
  return {
    get aborted() {
      return signal.aborted;
    },
    get reason(): unknown {
      return signal.reason;
    },
    onAbort(callback) {
      signal.addEventListener('abort', callback, { once: true });
      return () => signal.removeEventListener('abort', callback);
    },
  };
}
