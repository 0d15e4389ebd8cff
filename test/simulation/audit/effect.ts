import type { Asked } from '../operations/intent.js';

/** An event as it was published. Instants are ms. Which members there are depends on the type. */
export interface Told {
  readonly v: number;
  readonly seq: number;
  readonly type: string;
  readonly at: number;
  readonly jobStore: string;
  readonly jobId?: string | null;
  readonly runId?: string | null;
  readonly task?: string;
  readonly nextRunTime?: number | null;
  readonly cause?: string;
  readonly record?: string;
  readonly id?: string;
  readonly why?: string;
  readonly scheduledRunTimes?: readonly number[];
  readonly coalesced?: { readonly first: number; readonly last: number } | null;
  readonly first?: number;
  readonly last?: number;
  readonly executionId?: string;
  readonly scheduledRunTime?: number;
  readonly value?: unknown;
  readonly error?: { readonly message?: string; readonly code?: string };
  readonly attempt?: number;
  readonly retryAt?: number;
  readonly epoch?: number;
  readonly workerId?: string;
}

/** A call that took effect in the store: when, with what, and all that it answered and published. */
export interface Effect {
  /** By the store's clock, ms. */
  readonly at: number;
  readonly process: string;
  readonly call: string;
  /** Whoever made it was answered before, gave it up or died: it says what was so then, and its answer is heard by nobody. */
  readonly isLate: boolean;
  readonly params: unknown;
  readonly asked: Asked | null;
  readonly answer: unknown;
  /** It threw: nothing is to have come of it. */
  readonly failed: boolean;
  readonly events: readonly Told[];
}

/** Notes what is not as promised. */
export type Fault = (what: string) => void;

/** A fire time and the instant it is due, ms. */
export interface Fire {
  readonly fireTime: number;
  readonly dueAt: number;
}
