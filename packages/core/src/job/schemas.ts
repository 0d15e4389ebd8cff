import { z } from 'zod';
import { type JsonValue, jsonFault } from '../json.js';
import { text } from './text.js';

export const jobIdSchema = text('an id').refine((id) => !id.includes('\ufffd'), {
  error: 'has U+FFFD, which replaces bytes that are not text; use the original id',
});
export const runIdSchema = z.string({ error: 'must be a string' }).regex(/^[A-Za-z0-9_-]{1,64}$/, {
  error: 'is not the id of a run, such as `RunHandle.runId`',
});
export const aliasSchema = z.string({ error: 'must be a string' }).regex(/^[A-Za-z0-9._-]{1,64}$/, {
  error: 'is not an alias: use 1 to 64 letters, digits, ".", "_" or "-"',
});
export const taskNameSchema = z.string({ error: 'must be a string' }).regex(/^[A-Za-z0-9_][A-Za-z0-9._:/-]{0,127}$/, {
  error:
    'is not a task name: use 1 to 128 letters, digits, ".", "_", ":", "/" or "-", the first a letter, digit or "_"',
});

/** Of arguments, and of results, as JSON. */
export const MAX_PAYLOAD_LENGTH = 512 * 1024;

/** What JSON carries unchanged, up to a size. The value is what JSON gives back. */
function json<T extends JsonValue>(name: string, isOfType: (value: unknown) => boolean, type: string) {
  return z.unknown().transform((value, context): T => {
    const fault = isOfType(value) ? jsonFault(value, name) : `${name} is not ${type}`;
    const written = fault ? '' : JSON.stringify(value);
    if (fault) {
      context.addIssue({ code: 'custom', message: `${fault}, which does not survive JSON: pass plain data` });
      return z.NEVER;
    }
    if (written.length > MAX_PAYLOAD_LENGTH) {
      const limit = `${MAX_PAYLOAD_LENGTH / 1024} KiB`;
      context.addIssue({
        code: 'custom',
        message: `${name} is ${Math.ceil(written.length / 1024)} KiB of JSON; at most ${limit}: pass a reference`,
      });
      return z.NEVER;
    }
    return value as T;
  });
}

/** Whether arguments are certain to be right: a few values that hold no others, far from the longest. */
export function areShort(args: unknown): boolean {
  if (!Array.isArray(args) || args.length > 20) return false;
  // Not `every`, which passes over what is left out.
  for (const value of args) if (!isShort(value)) return false;
  return true;
}

function isShort(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= 1_000;
  return typeof value === 'boolean' || value === null || Number.isFinite(value);
}

const isPlainObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

export const argsSchema = json<readonly JsonValue[]>('args', Array.isArray, 'an array');
export const kwargsSchema = json<{ readonly [key: string]: JsonValue }>('kwargs', isPlainObject, 'an object');
