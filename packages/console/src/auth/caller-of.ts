import { checkBy } from '@carillon/core/internal';
import { z } from 'zod';
import { type Caller, REDACTIONS } from './identity.js';
import { RIGHTS, RIGHTS_OF } from './rights.js';

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
