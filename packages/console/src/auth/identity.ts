import type { Right, Role } from './rights.js';

/** What is left out of answers: arguments of jobs and runs; values and progress of runs; messages and stacks of errors. */
export type Redaction = 'arguments' | 'results' | 'errors';

/** The caller and its rights. One of `role` and `rights` is given; with both, the rights of both hold. */
export interface Identity {
  /** A person, or a program: 1 to 200 characters, no control characters. Events of changes name it. */
  readonly actor: string;
  readonly role?: Role | undefined;
  readonly rights?: readonly Right[] | undefined;
  /** Aliases of the job stores that it may see; left out: all. */
  readonly stores?: readonly string[] | undefined;
  /** It sees the jobs that have one of these tags, and their runs and events; left out: all. */
  readonly tags?: readonly string[] | undefined;
  /** What it is not shown; `true`: arguments, results and errors. */
  readonly redact?: boolean | readonly Redaction[] | undefined;
}

/** An identity as it was checked. */
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
