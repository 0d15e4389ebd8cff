import type { Trigger } from '@carillon/core';

/** What a task is told to do: an argument of it, and of no meaning to anyone else. */
export interface Play {
  /** Tells one job definition from another. */
  readonly n: number;
  readonly ms: number;
  readonly fails: boolean;
  /** Ignores its signal. */
  readonly deaf: boolean;
}

/** A job as a producer asks for it, or changes of one. Left out: as documented. Times and durations are ms. */
export interface Sketch {
  readonly task?: string;
  readonly play?: Play;
  readonly trigger?: Trigger;
  readonly executor?: string;
  readonly maxInstances?: number;
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

/** What a producer is about to ask of the cluster. */
export type Intent =
  | { readonly kind: 'add'; readonly jobs: readonly NewJob[] }
  | { readonly kind: 'modify'; readonly id: string; readonly changes: Sketch }
  | { readonly kind: 'pause' | 'resume' | 'remove' | 'run'; readonly id: string }
  | { readonly kind: 'enqueue'; readonly task: string; readonly play: Play; readonly executor: string }
  | { readonly kind: 'remove all' | 'pause store' | 'resume store' };

/** One asking of a producer, by which its calls are known. */
export interface Asked {
  readonly n: number;
  readonly intent: Intent;
  readonly process: string;
}
