import { Alarm, type Clock, type Report, upkeepOf } from '@carillon/core/internal';
import type { Contender } from './contender.js';
import { fairShare, type SeenStore } from './share.js';

/** How long to wait for an heir to lead, before looking at the others again, of the time between two rounds. */
const SOON = 1 / 5;
const MAX_ROUND_MS = 10_000;
/** A coordinator that did not take a job store that it was to lead gets none for this many leases. */
const BARRED_LEASES = 10;

export interface BalancerParts {
  readonly coordinatorId: string;
  readonly clock: Clock;
  readonly report: Report;
  readonly leaseMs: number;
  /** The job stores that this coordinator contends for now. */
  readonly contenders: () => readonly Contender[];
}

/**
 * Has a coordinator lead no more than its share of the job stores: shows the others, three times a lease, that it contends, and
 * hands a job store over to one of them if that is fairer.
 */
export class Balancer {
  readonly #parts: BalancerParts;
  readonly #alarm: Alarm;
  readonly #roundMs: number;
  readonly #barred = new Map<string, number>();
  #handedOver: { readonly jobStore: string; readonly heir: string } | undefined;
  #number = 0;
  #waited = 0;
  #isStopped = false;

  constructor(parts: BalancerParts) {
    const clock = upkeepOf(parts.clock);
    this.#parts = { ...parts, clock };
    this.#alarm = new Alarm(clock);
    this.#roundMs = Math.min(parts.leaseMs / 3, MAX_ROUND_MS);
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
    this.#alarm.ring();
  }

  /** Something has changed that the others should know. */
  ring(): void {
    this.#alarm.ring();
  }

  async #run(): Promise<void> {
    const { clock } = this.#parts;
    while (!this.#isStopped) {
      const began = clock.now();
      await this.#round();
      const pause = this.#handedOver ? this.#roundMs * SOON : this.#roundMs;
      if (!this.#isStopped) await this.#alarm.sleep(pause - (clock.now() - began));
    }
  }

  async #round(): Promise<void> {
    const contenders = this.#parts.contenders();
    const stores = await this.#show(contenders);
    if (this.#isStopped || contenders.some((contender) => contender.isHandingOver)) return;
    this.#judge(stores);
    const next = fairShare(this.#parts.coordinatorId, stores, this.#barredNow());
    if (!next) {
      this.#waited = 0;
    } else if (this.#waited < next.turn) {
      // Those before this one have had their round; if they did nothing with it, it is this one's turn.
      this.#waited += 1;
    } else {
      this.#waited = 0;
      this.#handedOver = next;
      contenders.find(({ jobStore }) => jobStore === next.jobStore)?.handOver(next.heir);
    }
  }

  /** Shows this coordinator in each of its job stores; returns those that could be reached. */
  async #show(contenders: readonly Contender[]): Promise<readonly SeenStore[]> {
    this.#number += 1;
    const leads = contenders.filter(({ epoch }) => epoch !== null).length;
    // A coordinator that has died must not be taken for alive once its locks are over: then it would be handed back what others took over.
    const showing = { aliveMs: 2 * this.#roundMs, number: this.#number, leads };
    const seen = contenders.map(async (contender): Promise<SeenStore[]> => {
      const { jobStore } = contender;
      try {
        return [{ jobStore, coordinators: await contender.show(showing) }];
      } catch (error) {
        if (!this.#isStopped) this.#parts.report({ kind: 'showing_failed', jobStore, error });
        return [];
      }
    });
    return (await Promise.all(seen)).flat();
  }

  /** Did the heir take what it was handed? */
  #judge(stores: readonly SeenStore[]): void {
    const { clock, leaseMs } = this.#parts;
    const store = stores.find(({ jobStore }) => jobStore === this.#handedOver?.jobStore);
    const leader = store?.coordinators.find(({ isLeader }) => isLeader)?.coordinatorId;
    if (!this.#handedOver || leader === undefined) return;
    const { heir } = this.#handedOver;
    if (leader !== heir) this.#barred.set(heir, clock.now() + BARRED_LEASES * leaseMs);
    this.#handedOver = undefined;
  }

  #barredNow(): ReadonlySet<string> {
    const now = this.#parts.clock.now();
    for (const [id, until] of this.#barred) if (until <= now) this.#barred.delete(id);
    return new Set(this.#barred.keys());
  }
}
