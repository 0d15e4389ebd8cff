import { setTimeout as delay } from 'node:timers/promises';
import { Member, type MemberOptions } from './member.js';

export interface Leader {
  readonly member: Member;
  readonly epoch: number;
}

const LIMIT_MS = 60_000;

/** As many coordinators and workers as `size` says. `complete` replaces those that were killed. */
export class Cluster {
  readonly #options: MemberOptions;
  readonly #size: number;
  readonly #living = new Set<Member>();
  #isDestroyed = false;
  /** All members, killed ones too. */
  readonly all: Member[] = [];

  constructor(size: number, options: MemberOptions) {
    this.#size = size;
    this.#options = options;
  }

  get coordinators(): readonly Member[] {
    return this.members.filter(({ kind }) => kind === 'coordinator');
  }

  get workers(): readonly Member[] {
    return this.members.filter(({ kind }) => kind === 'worker');
  }

  get members(): readonly Member[] {
    return [...this.#living];
  }

  /** Starts the missing members, and resolves once they are ready. */
  async complete(): Promise<void> {
    const missing = (['coordinator', 'worker'] as const).flatMap((kind) => {
      const there = this.members.filter((member) => member.kind === kind).length;
      return Array.from({ length: this.#size - there }, () => kind);
    });
    await Promise.all(
      missing.map(async (kind) => {
        if (this.#isDestroyed) throw new Error('the chaos is over');
        const member = await Member.launch(kind, this.#options);
        this.all.push(member);
        this.#living.add(member);
        await member.server.ready();
      }),
    );
  }

  async kill(member: Member): Promise<void> {
    this.#living.delete(member);
    await member.kill();
  }

  /** Returns the coordinator that reports that it leads. `except` excludes stopped ones, which cannot report it. */
  async leader(except: readonly Member[] = [], limitMs = LIMIT_MS): Promise<Leader> {
    const deadline = performance.now() + limitMs;
    for (;;) {
      const asked = this.coordinators.filter((member) => !except.includes(member));
      const epochs = await Promise.all(asked.map((member) => member.epoch()));
      const leading = asked.flatMap((member, index) => {
        const epoch = epochs[index] ?? null;
        return epoch === null ? [] : { member, epoch };
      });
      // A coordinator that was cut off may not know yet that another one leads.
      const [newest] = leading.sort((a, b) => b.epoch - a.epoch);
      if (newest) return newest;
      if (performance.now() > deadline) throw new Error(`no coordinator leads within ${limitMs} ms`);
      await delay(20);
    }
  }

  /** Returns a worker that runs tasks now; `choose` picks it. */
  async busyWorker(choose: (workers: readonly Member[]) => Member, limitMs = LIMIT_MS): Promise<Member> {
    const deadline = performance.now() + limitMs;
    for (;;) {
      const busy = this.workers.filter(({ calls }) => calls.refresh().length > 0);
      if (busy.length > 0) return choose(busy);
      if (performance.now() > deadline) throw new Error(`no worker runs anything within ${limitMs} ms`);
      await delay(5);
    }
  }

  /** Shuts all members down as an operator does. Returns, in words, which of them did not end in good order. */
  async shutdown(limitMs = LIMIT_MS): Promise<string[]> {
    const endings = this.members.map(async (member) => {
      member.server.signal('SIGTERM');
      const ending = await member.server
        .ending(limitMs)
        .catch((error: Error) => ({ code: error.message, signal: null }));
      if (ending.code === 0) this.#living.delete(member);
      return ending.code === 0 ? [] : [`a ${member.kind} ended with ${ending.code ?? ending.signal} when asked to end`];
    });
    return (await Promise.all(endings)).flat();
  }

  /** Kills the members that still live. */
  async destroy(): Promise<void> {
    this.#isDestroyed = true;
    await Promise.all(this.members.map((member) => this.kill(member)));
    await Promise.all(this.all.map(({ proxy }) => proxy.close()));
  }
}
