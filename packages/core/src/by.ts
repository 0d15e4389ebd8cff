import { InvalidOptionsError } from './errors.js';
import { text } from './job/text.js';
import { shown } from './shown.js';

/** The actor of a change, and its reason. The events of the change have them as `actor` and `reason`, if they are given. */
export interface By {
  /** A person, or a program: 1 to 200 characters, no control characters. It is not checked. */
  readonly actor?: string | undefined;
  /** For people: 1 to 500 characters, no control characters. */
  readonly reason?: string | undefined;
}

/** A checked `By`, without the members that were not given. */
export interface AskedBy {
  readonly actor?: string;
  readonly reason?: string;
}

/** By the names of their options. */
export const BY_OPTIONS = ['actor', 'reason'] as const satisfies readonly (keyof By)[];

const SCHEMAS = { actor: text('an actor', 200), reason: text('a reason', 500) };

/**
 * Checks an actor and a reason, and fills in those of `otherwise`; no member of the result is undefined.
 * @throws InvalidOptionsError
 */
export function checkBy(given: By, call: string, otherwise: AskedBy = {}): AskedBy {
  if (given.actor === undefined && given.reason === undefined) return otherwise;
  const members = BY_OPTIONS.flatMap((name) => {
    const value = given[name] ?? otherwise[name];
    return value === undefined ? [] : [[name, checked(name, value, call)]];
  });
  return Object.fromEntries(members);
}

function checked(name: keyof By, value: string, call: string): string {
  const result = SCHEMAS[name].safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const why = result.error.issues.map(({ message }) => message).join('; ');
  throw new InvalidOptionsError(`${call}: ${name} ${shown(value)} ${why}`);
}
