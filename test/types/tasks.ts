import type { JobErrorEvent } from '@carillon/core';

/** The task map of the type tests, as an interface, with every way to declare a parameter. */
export interface Tasks {
  'report.daily'(region: string, options: { format: 'pdf' | 'csv' }): Promise<{ pages: number }>;
  ping(): void;
  greet(name: string, title?: string): string;
  resize(image: { id: number; sizes?: readonly [width: number, height: number][] }): Promise<void>;
  optional(id: number, options?: { dry: boolean }): void;
  sum(...numbers: number[]): number;
  either(what: string | { id: number } | null): void;
  anything(what: unknown): void;
  generic: <Item extends { id: string }>(item: Item) => Promise<Item>;
  list(ids: (number | undefined)[]): void;
  report(mishap: { name: string; message: string }): void;
  reported(error: JobErrorEvent['error']): void;
  when(at: Date): void;
  nested(what: { deep: { at: Date }[] }): void;
  lookup(table: Map<string, number>): void;
  members(all: ReadonlySet<string>): void;
  callback(done: () => void): void;
  money(amount: Money): void;
  failure(error: Error): void;
  bytes(data: Uint8Array): void;
  big(n: bigint): void;
}

export class Money {
  readonly cents: number;

  constructor(cents: number) {
    this.cents = cents;
  }

  plus(other: Money): Money {
    return new Money(this.cents + other.cents);
  }
}
