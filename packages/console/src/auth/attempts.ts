import { isIPv6 } from 'node:net';

/** How many attempts may fail in a window, from one address and in total, and how many addresses are remembered. */
const PER_ADDRESS = 10;
const IN_ALL = 200;
const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 10_000;

/**
 * Counts failed attempts. Once an address, or all of them together, have too many, no further attempt is checked until the window is
 * over: so no client can try more than some tokens a minute, and memory is bounded.
 */
export class FailedAttempts {
  #since = Number.NEGATIVE_INFINITY;
  #all = 0;
  readonly #byNetwork = new Map<string, number>();

  /** Returns how long until an attempt of this address is checked, ms; 0 if it is checked at once. */
  waitMs(address: string, now: number): number {
    this.#begin(now);
    const isOver = this.#all >= IN_ALL || (this.#byNetwork.get(networkOf(address)) ?? 0) >= PER_ADDRESS;
    return isOver ? this.#since + WINDOW_MS - now : 0;
  }

  add(address: string, now: number): void {
    this.#begin(now);
    this.#all += 1;
    const network = networkOf(address);
    if (this.#byNetwork.size < MOST_ADDRESSES || this.#byNetwork.has(network)) {
      this.#byNetwork.set(network, (this.#byNetwork.get(network) ?? 0) + 1);
    }
  }

  #begin(now: number): void {
    if (now < this.#since + WINDOW_MS && now >= this.#since) return;
    this.#since = now;
    this.#all = 0;
    this.#byNetwork.clear();
  }
}

/** One machine has all IPv6 addresses that begin with the same 64 bits: they count as one. An IPv4 address is one by itself. */
function networkOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [before = '', after] = address.split('%')[0]?.split('::') ?? [];
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [first, last] = [groups(before), groups(after ?? '')];
  const zeros = after === undefined ? 0 : 8 - first.length - last.length;
  const all = [...first, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...last];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
