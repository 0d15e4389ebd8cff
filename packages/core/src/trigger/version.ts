import { z } from 'zod';

/**
 * The version of a trigger's JSON form. It may be left out, which means 1, the only version so far. A form that older releases would misread will
 * get a higher number, which these releases refuse.
 */
export const versionSchema = z
  .literal(1, { error: 'is not a version of the JSON form that this release reads: it reads 1, the same as none' })
  .exactOptional();
