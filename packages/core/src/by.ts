import { InvalidOptionsError } from './errors.js';
import { text } from './job/text.js';
import { shown } from './shown.js';

/** The actor of a change, and the reason. Where they are given, the events of the change have both, as members of these names. */
export interface By {
  /** A person, or a program: 1 to 200 characters, no control characters. It is not checked. */
  readonly actor?: string | undefined;
  /** For people: 1 to 500 characters, no control characters. */
  readonly reason?: string | undefined;
}

/** The same after its check: what was not given is not a member. */
export interface AskedBy {
  readonly actor?: string;
  readonly reason?: string;
}

/** By the names of their options. */
export const BY_OPTIONS = ['actor', 'reason'] as const satisfies readonly (keyof By)[];

const SCHEMAS = { actor: text('an actor', 200), reason: text('a reason', 500) };

/**
 * What was given, and where it was not, what holds otherwise; no member is undefined.
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
