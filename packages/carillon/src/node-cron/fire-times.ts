import { type CompiledTrigger, compileTrigger, type Trigger } from '@carillon/core';

/** The fire times of a schedule. */
export class FireTimes {
  readonly #compiled: CompiledTrigger;

  /** @throws InvalidTriggerError */
  constructor(trigger: Trigger, jobId: string) {
    this.#compiled = compileTrigger(trigger, { jobId });
  }

  next(after: Date): Date | null {
    return this.#compiled.next(after);
  }

  /** The next fire times, from now on. */
  upcoming(count: number): Date[] {
    const found: Date[] = [];
    for (let at = this.next(new Date()); at && found.length < count; at = this.next(at)) found.push(at);
    return found;
  }

  /** Returns the fire times from the first to the last, both included. */
  between(first: Date, last: Date, most: number): Date[] {
    const found: Date[] = [];
    for (let at: Date | null = first; at && at <= last && found.length < most; at = this.next(at)) found.push(at);
    return found;
  }

  /** Whether a fire time is in this second. */
  has(date: Date): boolean {
    const second = Math.floor(date.getTime() / 1_000) * 1_000;
    return this.next(new Date(second - 1))?.getTime() === second;
  }
}
