import { z } from 'zod';

/**
 * The version of a trigger's JSON form. Left out, it is 1, the only one there is; a form that older releases would
 * misread will carry a higher number, which they refuse.
 */
export const versionSchema = z
  .literal(1, { error: 'is not a version of the JSON form that this release reads: it reads 1, the same as none' })
  .exactOptional();
