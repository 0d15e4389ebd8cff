import type { Right, Role } from './rights.js';

/**
 * Values that responses leave out: `arguments` of jobs and runs; `results`, the values and progress of runs; `errors`, the messages and
 * stacks of errors.
 */
export type Redaction = 'arguments' | 'results' | 'errors';

/** The caller and its rights. It needs `role` or `rights`; with both, it has the rights of both. */
export interface Identity {
  /** A person, or a program: 1 to 200 characters, no control characters. Events of changes name it. */
  readonly actor: string;
  readonly role?: Role | undefined;
  readonly rights?: readonly Right[] | undefined;
  /** Aliases of the job stores that it may see; default: all. */
  readonly stores?: readonly string[] | undefined;
  /** Tags that limit it to the jobs that have one of them, and to their runs and events; default: no limit. */
  readonly tags?: readonly string[] | undefined;
  /** Values that are hidden from it; `true` means arguments, results and errors. */
  readonly redact?: boolean | readonly Redaction[] | undefined;
}

/** A checked identity. */
export interface Caller {
  readonly actor: string;
  readonly rights: ReadonlySet<Right>;
  /** null means all. */
  readonly stores: ReadonlySet<string> | null;
  /** null means all. */
  readonly tags: ReadonlySet<string> | null;
  readonly redact: ReadonlySet<Redaction>;
}

export const REDACTIONS = ['arguments', 'results', 'errors'] as const satisfies readonly Redaction[];
