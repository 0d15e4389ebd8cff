import type { Asked } from '../operations/intent.js';

/** An event as published. Instants are ms. Its members depend on the type. */
export interface Reported {
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

/** A call that took effect in the store, with its instant, params, answer and events. */
export interface Effect {
  /** By the store's clock, ms. */
  readonly at: number;
  readonly process: string;
  readonly call: string;
  /** The caller had an answer before, gave up or died: the params are old, and no caller gets this answer. */
  readonly isLate: boolean;
  readonly params: unknown;
  readonly asked: Asked | null;
  readonly answer: unknown;
  /** The call threw, and must have changed nothing. */
  readonly failed: boolean;
  readonly events: readonly Reported[];
}

/** Records a broken promise. */
export type Fault = (what: string) => void;

/** A fire time and the instant it is due, ms. */
export interface Fire {
  readonly fireTime: number;
  readonly dueAt: number;
}
