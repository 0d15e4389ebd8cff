import { checkBy } from '@carillon/core/internal';
import { z } from 'zod';
import { RIGHTS, RIGHTS_OF, type Right, type Role } from './rights.js';

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

export const identityShape = {
  actor: z.string(),
  role: z.enum(['viewer', 'operator', 'admin']).optional(),
  rights: z.array(z.enum(RIGHTS)).optional(),
  stores: z.array(z.string()).optional(),
  tags: z.array(z.string()).optional(),
  redact: z.union([z.boolean(), z.array(z.enum(REDACTIONS))]).optional(),
};

/** Strict: a limit that is misspelt must not let any caller through. */
const identitySchema = z
  .strictObject(identityShape)
  .refine(({ role, rights }) => role !== undefined || rights !== undefined, 'gives neither role nor rights');

/** @throws ZodError if it is not an identity, InvalidOptionsError if its actor is wrong. */
export function callerOf(identity: unknown): Caller {
  const { actor, role, rights = [], stores, tags, redact = false } = identitySchema.parse(identity);
  checkBy({ actor }, 'auth');
  const hidden = redact === true ? REDACTIONS : redact || [];
  return {
    actor,
    rights: new Set([...(role ? RIGHTS_OF[role] : []), ...rights]),
    stores: stores ? new Set(stores) : null,
    tags: tags ? new Set(tags) : null,
    redact: new Set(hidden),
  };
}
