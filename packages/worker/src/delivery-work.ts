import { type Delivery, type HeldRun, type Slot, StoreRefusalError } from '@carillon/core/internal';
import { type DeliveryStartsParts, handBack, type Ready, reportFailure, startRuns } from './delivery-starts.js';
import type { Durations } from './durations.js';
import { RunWork, type RunWorkParts } from './run-work.js';

/** What is started begins so soon, ms, by the recent durations. */
const SOON_MS = 5;
/** How long after the first run could begin the others may wait before they are handed back, ms. */
const PATIENCE_MS = 100;

export interface DeliveryWorkParts extends RunWorkParts, DeliveryStartsParts {
  readonly durations: Durations;
}

/**
 * The runs of one delivery at work: one after the other in its slot, and in other free slots where they would begin too late otherwise. A
 * run is started in the ledger as its turn is near. What does not begin soon is handed back, for other workers.
 */
export class DeliveryWork {
  readonly #delivery: Delivery;
  readonly #slot: Slot;
  readonly #parts: DeliveryWorkParts;
  readonly #token: string;
  #unstarted: string[];
  #ready: Ready[] = [];
  /** How many runs are being started. */
  #inStart = 0;
  /** How many slots wait for that. */
  #slotsWaiting = 0;
  #starting: Promise<void> | undefined;
  #error: unknown;
  #hasBegun = false;
  /** How much is under way: runs, slots, and hand-backs. */
  #underWay = 0;
  #onDone = () => {};
  #cancelWatch: (() => void) | undefined;

  /** @param runIds its runs that are executed here */
  constructor(delivery: Delivery, runIds: readonly string[], slot: Slot, parts: DeliveryWorkParts) {
    this.#delivery = delivery;
    this.#slot = slot;
    this.#parts = parts;
    this.#token = parts.chance.id();
    this.#unstarted = [...runIds];
  }

  /** Resolves once its runs are settled, or handed back. Rejects if none of them could be started. */
  async perform(): Promise<void> {
    this.#setUnbegun();
    this.#widen(Math.ceil(this.#unbegun / this.#perSlot) - 1);
    await this.#useSlot(this.#slot);
    // More may come while it waits for the others.
    while (this.#underWay > 0) await new Promise<void>((resolve) => (this.#onDone = resolve));
    this.#cancelWatch?.();
    if (this.#error !== undefined) throw this.#error;
  }

  /** Hands back what has not begun. Never rejects. */
  async giveUp(): Promise<void> {
    const { held } = this.#parts;
    const ready = this.#ready.splice(0);
    const unstarted = this.#unstarted.splice(0);
    for (const { hold } of ready) held.release(hold);
    this.#setUnbegun();
    const started = ready.map(({ hold: { runId, token } }) => ({ runId, token }));
    await this.#handBack([...started, ...this.#notStarted(unstarted)]);
  }

  get #unbegun(): number {
    return this.#unstarted.length + this.#inStart + this.#ready.length;
  }

  /** How many runs one slot begins soon. */
  get #perSlot(): number {
    const { meanMs } = this.#parts.durations;
    return meanMs === null ? 1 : Math.max(1, Math.floor(SOON_MS / meanMs));
  }

  /** The first of them begins at once: it waits for nothing here. */
  #setUnbegun(): void {
    this.#slot.setUnbegun(Math.max(0, this.#unbegun - 1));
  }

  /** Takes this many more slots, as far as they are free. */
  #widen(slots: number): void {
    for (let more = 0; more < slots; more++) {
      const slot = this.#slot.another();
      if (!slot) return;
      this.#follow(this.#useSlot(slot).finally(() => slot.release()));
    }
  }

  /** Executes in a slot what is there to execute, for as long as no other job store is to have it. */
  async #useSlot(slot: Slot): Promise<void> {
    const { clock } = this.#parts;
    const since = clock.now();
    for (let next = await this.#next(); next; next = this.#ready.shift() ?? (await this.#next())) {
      const busy = this.#begin(next, slot);
      if (busy) await busy;
      if (this.#unbegun === 0 || clock.now() - since < SOON_MS || slot.mayKeep()) continue;
      if (slot === this.#slot) await this.giveUp();
      return;
    }
  }

  async #next(): Promise<Ready | undefined> {
    while (this.#ready.length === 0 && this.#unstarted.length > 0) {
      this.#slotsWaiting += 1;
      this.#starting ??= this.#startSome();
      await this.#starting;
    }
    return this.#ready.shift();
  }

  /** Starts just what begins soon in the slots that wait. */
  async #startSome(): Promise<void> {
    // Until all slots that wait now are counted.
    await null;
    const runIds = this.#unstarted.splice(0, this.#slotsWaiting * this.#perSlot);
    this.#slotsWaiting = 0;
    this.#inStart = runIds.length;
    try {
      const start = { deliveryId: this.#delivery.id, token: this.#token };
      const started = await startRuns(this.#parts, start, runIds);
      this.#inStart = 0;
      for (const ready of started) this.#ready.push(ready);
      this.#watch();
      if (this.#parts.closing.aborted) await this.giveUp();
    } catch (error) {
      this.#inStart = 0;
      await this.#fail(runIds, error);
    } finally {
      this.#starting = undefined;
      this.#setUnbegun();
    }
  }

  /** Runs may be started though the reply was lost. If none is at work, their queue gives the others again. */
  async #fail(runIds: readonly string[], error: unknown): Promise<void> {
    const token = this.#token;
    const started = error instanceof StoreRefusalError ? [] : runIds.map((runId) => ({ runId, token }));
    if (this.#hasBegun) {
      this.#reportFailure(error);
      this.#follow(this.#handBack([...started, ...this.#notStarted(runIds)]));
      this.#follow(this.giveUp());
    } else {
      this.#error = error;
      this.#unstarted = [];
      if (started.length > 0) await this.#parts.ledger.handBack({ held: started }).catch(() => {});
    }
  }

  /**
   * Returns a promise that resolves once the task has ended; undefined if the slot is free already: its task has ended, though it may
   * not be settled yet.
   */
  #begin({ run, hold }: Ready, slot: Slot): Promise<void> | undefined {
    this.#hasBegun = true;
    this.#setUnbegun();
    this.#underWay += 1;
    const { queuedAt = null } = this.#delivery;
    return new RunWork(run, hold, queuedAt, this.#parts).begin(slot, (error) => {
      if (error !== undefined) this.#reportFailure(error);
      this.#parts.held.release(hold);
      this.#done();
    });
  }

  #follow(work: Promise<void>): void {
    this.#underWay += 1;
    const failed = (error: unknown) => {
      this.#error ??= error;
      this.#done();
    };
    void work.then(() => this.#done(), failed);
  }

  #done(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#onDone();
  }

  /** Looks whether all of them begin as soon as they should. */
  #watch(): void {
    if (this.#cancelWatch || this.#unbegun < 2) return;
    const { clock } = this.#parts;
    const since = clock.now();
    const look = () => {
      if (this.#unbegun === 0) return;
      if (clock.now() - since >= PATIENCE_MS) this.#follow(this.giveUp());
      else this.#widen(this.#unbegun);
      this.#cancelWatch = clock.after(SOON_MS, look);
    };
    this.#cancelWatch = clock.after(SOON_MS, look);
  }

  #notStarted(runIds: readonly string[]): HeldRun[] {
    return runIds.map((runId) => ({ runId, token: this.#delivery.id }));
  }

  #handBack(held: readonly HeldRun[]): Promise<void> {
    return handBack(this.#parts, this.#delivery.id, held);
  }

  #reportFailure(error: unknown): void {
    reportFailure(this.#parts, this.#delivery.id, error);
  }
}
