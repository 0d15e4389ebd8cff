/**
 * Bounds the number of threads or child processes. One that is being killed cannot be used, although the slot of its task is free
 * again. Callers enter in the order of their calls.
 */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Returns true once the caller has entered, or false if the signal was aborted first. A caller that has entered calls `release()`
   * once.
   */
  async acquire(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.#free > 0) {
      this.#free--;
      return true;
    }
    return new Promise((resolve) => {
      const letIn = () => {
        signal.removeEventListener('abort', give);
        resolve(true);
      };
      const give = () => {
        this.#waiting.splice(this.#waiting.indexOf(letIn), 1);
        resolve(false);
      };
      this.#waiting.push(letIn);
      signal.addEventListener('abort', give, { once: true });
    });
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
