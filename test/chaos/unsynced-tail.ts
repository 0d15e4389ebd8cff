import { existsSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

/** With `appendfsync everysec`, Redis may lose what it acknowledged in this time: it syncs once a second, and may be late. */
const UNSYNCED_MS = 1_000;
const LOOK_MS = 50;

/**
 * The part of the append-only file that a machine would lose with its power, as it is not on the disk yet. A killed process loses
 * nothing that it wrote. So this class cuts off the last second itself.
 */
export class UnsyncedTail {
  readonly #dir: string;
  #sizes: { readonly at: number; readonly file: string; readonly size: number }[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** How many bytes were lost so far. */
  lost = 0;

  /** @param dir the data folder of Redis. */
  constructor(dir: string) {
    this.#dir = join(dir, 'appendonlydir');
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(): void {
    const now = performance.now();
    const file = this.#newest();
    if (file) this.#sizes.push({ at: now, file, size: statSync(file).size });
    this.#sizes = this.#sizes.filter(({ at }) => at >= now - 3 * UNSYNCED_MS);
  }

  /** Cuts off what Redis wrote in the last second; Redis must be down. Does nothing if Redis began a new file within it. */
  lose(): void {
    const file = this.#newest();
    const now = performance.now();
    const synced = this.#sizes.findLast((look) => look.file === file && look.at <= now - UNSYNCED_MS);
    this.#sizes = [];
    if (!file || !synced) return;
    this.lost += statSync(file).size - synced.size;
    truncateSync(file, synced.size);
  }

  #newest(): string | undefined {
    if (!existsSync(this.#dir)) return undefined;
    const number = (name: string) => Number(/\.(\d+)\.incr\.aof$/.exec(name)?.[1] ?? 0);
    const files = readdirSync(this.#dir).filter((name) => number(name) > 0);
    const [newest] = files.sort((a, b) => number(b) - number(a));
    return newest && join(this.#dir, newest);
  }
}
