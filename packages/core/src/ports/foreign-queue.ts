/** What BullMQ, or Bull, stores of something that repeats, as it is stored. */
export interface BullmqRecord {
  /** Its member of the queue's sorted set. */
  readonly key: string;
  /** Its score there: the fire that is pending, ms. */
  readonly next: number;
  /** Its hash; empty if the release kept all in the key. */
  readonly fields: Readonly<Record<string, string>>;
  /** The hash of the job that is pending; empty if there is none. */
  readonly pending: Readonly<Record<string, string>>;
}

/** What BullMQ, or Bull, stores of a delayed job, as it is stored. */
export interface BullmqDelayed {
  readonly id: string;
  /** When it is due, ms. */
  readonly dueAt: number;
  /** Its hash; empty if it is gone. */
  readonly fields: Readonly<Record<string, string>>;
}
