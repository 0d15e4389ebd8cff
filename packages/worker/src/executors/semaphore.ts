/**
 * Bounds threads, or child processes: there is a number of them, and one that is being killed cannot be used, though its task's slot is
 * free again. Lets callers in in the order in which they came.
 */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Returns whether the caller is in; not if the signal was aborted first. A caller that is in calls `release()` once. */
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
