import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CoordinatorHealth } from '@carillon/coordinator';
import { whenGone } from '../../packages/carillon/src/local-redis/guard.js';
import { ServerProcess } from '../support/server-process.js';
import { CallLog } from './calls.js';
import type { Affliction } from './repeats.js';
import { TcpProxy } from './tcp-proxy.js';

export interface MemberOptions {
  /** Port of Redis. */
  readonly upstream: number;
  readonly prefix: string;
  readonly leaseMs: number;
  /** The folder in which workers record the calls of their tasks. */
  readonly dir: string;
  readonly afflictions: Affliction[];
}

/** Records for an outside observer that a process was started, stopped or thawed. */
export function noteProcess(dir: string, what: string, pid: number | undefined): void {
  appendFileSync(join(dir, 'processes'), `${what} ${pid}\n`);
}

const worker = new URL('./processes/worker.js', import.meta.url);
const CONCURRENCY = 60;
let count = 0;

/** A coordinator or a worker in a process of its own, with a way to Redis of its own. */
export class Member {
  readonly kind: 'coordinator' | 'worker';
  readonly proxy: TcpProxy;
  readonly calls: CallLog;
  readonly server: ServerProcess;
  readonly #afflictions: Affliction[];
  readonly #note: (what: string) => void;
  #letGo: () => void = () => {};

  /** @param redis where to reach Redis through the proxy. */
  private constructor(kind: Member['kind'], options: MemberOptions, proxy: TcpProxy, redis: string) {
    const { prefix, leaseMs, dir, afflictions } = options;
    const journal = join(dir, `calls-${++count}`);
    const common = { redis, prefix, lease: leaseMs };
    const executors = { default: { concurrency: CONCURRENCY } };
    this.kind = kind;
    this.proxy = proxy;
    this.server =
      kind === 'coordinator'
        ? new ServerProcess('coordinator', common)
        : new ServerProcess(worker, { ...common, executors, journal });
    this.calls = new CallLog(journal);
    this.#afflictions = afflictions;
    this.#note = (what) => noteProcess(dir, what, this.pid);
    this.#note(kind);
  }

  static async launch(kind: Member['kind'], options: MemberOptions): Promise<Member> {
    const proxy = new TcpProxy(options.upstream);
    return new Member(kind, options, proxy, await proxy.listen());
  }

  get pid(): number {
    return this.server.pid;
  }

  /** Returns the epoch of the term that it leads; null if it does not lead. */
  async epoch(): Promise<number | null> {
    const { jobStores } = await this.server.health<CoordinatorHealth>();
    return jobStores.default?.epoch ?? null;
  }

  /** Kills it, and resolves once it is gone. */
  async kill(): Promise<void> {
    this.afflict('killed', Date.now(), Number.POSITIVE_INFINITY);
    this.server.signal('SIGKILL');
    await this.server.ended;
    this.#letGo();
    await this.proxy.close();
  }

  /** Stops it. A guard kills it if this process ends, which a stopped process cannot notice. */
  freeze(): void {
    this.#letGo = whenGone('kill -9 "$1"', [String(this.pid)]);
    this.server.signal('SIGSTOP');
    this.#note('stopped');
  }

  thaw(): void {
    this.#note('thawed');
    this.server.signal('SIGCONT');
    this.#letGo();
  }

  afflict(what: Affliction['what'], from: number, to: number): void {
    this.#afflictions.push({ pid: this.pid, what, from, to });
  }
}
