import type { z } from 'zod';
import type { Duration } from '../duration.js';
import type { CompileOptions } from './compiled-trigger.js';
import type { Leaf } from './leaf.js';
import type { Mismatch } from './mismatch.js';
import type { Window } from './window.js';

/** A trigger's data: its kind, and the members that mean the same in each kind that has them. */
export interface TriggerData extends Window {
  readonly v?: 1;
  readonly type: string;
  readonly timezone?: string;
  readonly jitter?: Duration;
}

/** The options that the words of a trigger need. */
interface WordsOptions {
  readonly jobId: string | undefined;
  /** The zone whose clock the trigger reads; undefined for a kind that reads none. */
  readonly zone: string | undefined;
}

/** A kind of trigger, with everything that the project needs from it. `KINDS` in trigger.ts lists the kinds. */
export interface TriggerKind<T extends TriggerData> {
  /** Checks data that may come from anywhere. `compile` checks that an expression can be read and that a zone exists. */
  readonly schema: z.core.$ZodTypeDiscriminable;
  /** Where its fire times come from: one instant, steps of elapsed time, or the clock of a zone. */
  readonly basis: 'instant' | 'progression' | 'clock';
  /** Whether the time at which a job was added decides when it fires. */
  usesAnchor(trigger: T): boolean;
  /** Whether the id of its job may decide when it fires, as with `H` in a crontab string. */
  usesId(trigger: T): boolean;
  /** Returns the trigger with the values that the id of its job decides. Left out where the id decides nothing. */
  forJob?(trigger: T, jobId: string): T;
  /** The normalised form. Triggers whose canonical forms are equal have equal digests. */
  canonical(trigger: T): object;
  /** @throws InvalidTriggerError */
  compile(trigger: T, options: CompileOptions): Leaf;
  /** The parts that `triggerText` has between the brackets, such as `at :15`. */
  parts(trigger: T): readonly (string | undefined)[];
  /** One English sentence without its full stop. */
  words(trigger: T, options: WordsOptions): string;
  /** Returns the first field that does not match an instant (ms) that the trigger does not name; null if it cannot find the field. */
  mismatch(trigger: T, options: CompileOptions, instant: number): Mismatch | null;
}
