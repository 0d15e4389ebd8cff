import { z } from 'zod';

const MOST_TAGS = 10;

/** Has nothing that JSON escapes: `find.lua` searches the JSON of a record for each tag in quotes. */
const TAG = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._:/@+-]{0,63}$/u;

export const tagSchema = z
  .string({ error: 'must be a string' })
  .transform((tag) => tag.normalize('NFC'))
  .refine((tag) => TAG.test(tag), {
    error:
      'is not a tag: use 1 to 64 letters, digits, ".", "_", ":", "/", "@", "+" or "-", the first a letter or digit',
  });

/** Tags are a set: they are stored in one order, each once. */
export const tagsSchema = z
  .array(tagSchema, { error: 'must be an array of strings' })
  .transform((tags) => [...new Set(tags)].sort())
  .refine((tags) => tags.length <= MOST_TAGS, {
    error: `are more than ${MOST_TAGS} tags: put the others into the description`,
  });
