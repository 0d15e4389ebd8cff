/** What JSON can carry. */
export type JsonPrimitive = string | number | boolean | null;
export type JsonValue = JsonPrimitive | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

const MAX_DEPTH = 100;

/**
 * Returns where and why a value does not survive a round trip through JSON; undefined if it does. A property that is `undefined` counts
 * as left out. Everything else that would come back changed (dates, maps, class instances, NaN, cycles, …) does not survive.
 */
export function jsonFault(value: unknown, path: string): string | undefined {
  const found = faultIn(value, 0);
  return found && `${path}${found.path} ${found.what}`;
}

/** The path from here on. It is only turned into text when something is wrong. */
interface Fault {
  readonly path: string;
  readonly what: string;
}

function faultIn(value: unknown, depth: number): Fault | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : here(`is ${value}`);
  if (typeof value !== 'object') return here(`is ${value === undefined ? 'undefined' : `a ${typeof value}`}`);
  if (depth === MAX_DEPTH) return here(`is nested deeper than ${MAX_DEPTH} levels, or in a circle`);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const fault = faultIn(value[index], depth + 1);
      if (fault) return { ...fault, path: `[${index}]${fault.path}` };
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return here(`is a ${value.constructor?.name || 'class instance'}`);
  }
  if ('toJSON' in value) return here('has a toJSON method');
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const fault = faultIn(member, depth + 1);
    if (fault) return { ...fault, path: `.${key}${fault.path}` };
  }
  return undefined;
}

const here = (what: string): Fault => ({ path: '', what });
