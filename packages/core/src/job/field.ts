import type { z } from 'zod';
import type { Trigger } from '../trigger/index.js';

/** What reads a field: the planner (which fires run), the ledger (when a run may start, and what is kept of it), the worker. */
export type Reader = 'planner' | 'ledger' | 'worker';

/** What the value of a field is, for commands and the console; a list: one of these words. */
type FieldKind = 'text' | 'count' | 'whole number' | 'duration' | 'flag' | readonly string[];

/** A field of a job: all that the project has to know of one. `JOB_FIELDS` in fields.ts lists them. */
export interface JobField {
  /**
   * What it belongs to: how any run is executed, how the runs of a job go on, or the job itself. Left out: it is not an option, or one
   * that has code of its own.
   */
  readonly belongsTo?: 'execution' | 'policy' | 'job';
  /** Checks the option, which may be left out, and returns what a job holds. */
  readonly option?: z.ZodType;
  /** What records and definitions call it, if it differs from the name of the option. */
  readonly key?: string;
  /** Checks what a record has of it. */
  readonly stored: z.ZodType;
  /** The value that a record does not have; without one, each record has it. */
  readonly default?: unknown;
  /** What a record gets of it, the default included; undefined means nothing. Left out: the value, unless it is the default. */
  readonly write?: (value: never, of: { readonly trigger: Trigger }) => unknown;
  /** How `Job` shows it, if it differs from what a definition has. */
  readonly show?: (value: never) => unknown;
  /** `Job` does not show it. */
  readonly hidden?: true;
  /** No change of a job changes it. */
  readonly fixed?: true;
  readonly readBy?: readonly Reader[];
  /** Left out: it has several values, or none that people give. */
  readonly kind?: FieldKind;
  /** Its option in commands; without one, `--trigger`, `--args` and others have code of their own. */
  readonly command?: {
    readonly flags: string;
    readonly help: string;
    /** Help of the option with `--no-`: null, or false, is given by it. */
    readonly without?: string;
  };
}
