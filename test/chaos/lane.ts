import type { Socket } from 'node:net';

/** One direction of a connection. Late chunks stay in order. */
export class Lane {
  readonly #to: Socket;
  readonly #waiting: { readonly chunk: Buffer; readonly at: number }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(to: Socket) {
    this.#to = to;
  }

  /** @param delayMs infinite to hold the chunk until `flush`. Returns whether it is late. */
  pass(chunk: Buffer, delayMs: number): boolean {
    if (delayMs === 0 && this.#waiting.length === 0) {
      this.#write(chunk);
      return false;
    }
    const last = this.#waiting.at(-1)?.at ?? 0;
    this.#waiting.push({ chunk, at: Math.max(last, performance.now() + delayMs) });
    this.#arm();
    return true;
  }

  /** Sends the waiting chunks at once. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { chunk } of this.#waiting.splice(0)) this.#write(chunk);
  }

  /** Drops the waiting chunks. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }

  #arm(): void {
    const next = this.#waiting[0]?.at ?? Number.POSITIVE_INFINITY;
    if (this.#timer || !Number.isFinite(next)) return;
    this.#timer = setTimeout(() => this.#release(), Math.max(0, next - performance.now()));
  }

  #release(): void {
    this.#timer = undefined;
    const now = performance.now();
    while ((this.#waiting[0]?.at ?? Number.POSITIVE_INFINITY) <= now) {
      const due = this.#waiting.shift();
      if (due) this.#write(due.chunk);
    }
    this.#arm();
  }

  #write(chunk: Buffer): void {
    if (!this.#to.destroyed) this.#to.write(chunk);
  }
}
