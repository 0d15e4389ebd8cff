import { z } from 'zod';

const MAX_ID_LENGTH = 255;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Ids, names and keys: any text without control characters. */
export function text(what: string, most = MAX_ID_LENGTH) {
  return z
    .string({ error: `must be a string` })
    .refine((value) => value.length > 0 && value.length <= most, {
      error: (issue) => `has ${String(issue.input).length} characters; ${what} has 1 to ${most}`,
    })
    .refine((value) => !CONTROL.test(value) && !/\p{Surrogate}/u.test(value), {
      error: `has a control character or half a character; ${what} is printable text`,
    });
}
