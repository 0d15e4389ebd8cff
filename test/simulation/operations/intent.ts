import type { Trigger } from '@carillon/core';

/** What a task is to do: its argument, which means nothing to other code. */
export interface Play {
  /** Distinguishes one job definition from another. */
  readonly n: number;
  readonly ms: number;
  /** The task does not end by itself, even if `ms` is over. */
  readonly hangs: boolean;
  /** How many of its first attempts fail. */
  readonly fails: number;
  /** What its failures say about retries: null is nothing, a number how much later, ms. */
  readonly says: null | 'never' | number;
  /** The task ignores its signal. */
  readonly deaf: boolean;
}

/** How a failure is retried. Missing members have the documented defaults. */
export interface Retry {
  readonly attempts: number;
  readonly type?: 'fixed' | 'exponential';
  readonly delay?: number;
  readonly maxDelay?: number;
  readonly jitter?: number;
}

/** How a run is executed, with or without a job. */
export interface Execution {
  readonly executor?: string;
  readonly priority?: number;
  readonly retry?: Retry | null;
  readonly timeout?: number | null;
}

/** A job as a producer asks for it, or changes of one. Missing members have their defaults. Times and durations are ms. */
export interface Sketch extends Execution {
  readonly task?: string;
  readonly play?: Play;
  readonly trigger?: Trigger;
  readonly maxInstances?: number;
  readonly overlap?: 'skip' | 'queue' | 'replace';
  readonly maxRuns?: number | null;
  /** How many of its runs keep their outcomes. */
  readonly history?: { readonly perJob: number } | null;
  readonly misfireGraceTime?: number | null;
  readonly coalesce?: boolean;
  readonly replaceExisting?: boolean;
  readonly nextRunTime?: number | null;
}

export interface NewJob extends Sketch {
  readonly id: string;
  readonly task: string;
  readonly play: Play;
}

/** Whether, and how long, a producer waits for the result of a run. */
interface Waiting {
  readonly waitMs?: number | undefined;
}

/** When a run without a job is asked for, and under which key. Instants and durations are ms. */
export interface Asking {
  readonly delay?: number;
  readonly at?: number;
  readonly misfireGraceTime?: number | null;
  readonly dedupe?: { readonly key: string; readonly for: number };
}

/** What a producer is about to ask of the cluster. */
export type Intent =
  | { readonly kind: 'add'; readonly jobs: readonly NewJob[] }
  | { readonly kind: 'modify'; readonly id: string; readonly changes: Sketch }
  | { readonly kind: 'pause' | 'resume' | 'remove' | 'list runs'; readonly id: string }
  | ({ readonly kind: 'run'; readonly id: string } & Waiting)
  | { readonly kind: 'remove with runs'; readonly id: string }
  | { readonly kind: 'cancel' | 'get'; readonly runId: string }
  | ({ readonly kind: 'enqueue'; readonly task: string; readonly play: Play } & Execution & Asking & Waiting)
  | { readonly kind: 'remove all' | 'pause store' | 'resume store' };

/** One asking of a producer, by which its calls are known. */
export interface Asked {
  readonly n: number;
  readonly intent: Intent;
  readonly process: string;
  /** How far the clock of the process has jumped ahead until now, ms. */
  readonly jumpedMs: number;
}
