import type { z } from 'zod';

/** The most values of a member that are remembered as right. */
const MOST_KNOWN = 100;

/**
 * Reads objects of a shape by the members that they have: most records and specs have few of those that they may have, and an object's
 * schema runs the check of each one. The result is that of the schema. undefined if a member is wrong, missing or none of the shape:
 * the schema of the whole object says which.
 * @param alike members that are strings which their checks leave as they are, and few different ones
 * @param ordinary of some members: whether a value is certain to be right, and is the result as it is. Most values need no schema then
 */
export function memberwise<Shape extends z.core.$ZodShape>(
  shape: Shape,
  required: readonly (keyof Shape & string)[],
  alike: readonly (keyof Shape & string)[],
  ordinary: { readonly [K in keyof Shape]?: (value: unknown) => boolean } = {},
): (given: unknown) => z.output<z.ZodObject<Shape>> | undefined {
  const checks = new Map<string, z.ZodType>(Object.entries(shape) as [string, z.ZodType][]);
  const isOrdinaryOf = new Map(Object.entries<((value: unknown) => boolean) | undefined>(ordinary));
  const knownOf = new Map(alike.map((name): [string, Set<unknown>] => [name, new Set()]));
  return (given) => {
    if (!isPlain(given)) return undefined;
    const read: Record<string, unknown> = {};
    for (const name of Object.keys(given)) {
      const check = checks.get(name);
      if (!check) return undefined;
      const known = knownOf.get(name);
      const value = given[name];
      if (known?.has(value) || isOrdinaryOf.get(name)?.(value)) {
        read[name] = value;
        continue;
      }
      const { success, data } = check.safeParse(value);
      if (!success) return undefined;
      read[name] = data;
      if (known && known.size < MOST_KNOWN) known.add(data);
    }
    if (required.some((name) => read[name] === undefined)) return undefined;
    return read as z.output<z.ZodObject<Shape>>;
  };
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
