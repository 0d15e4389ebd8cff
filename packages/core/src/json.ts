/** What JSON can carry. */
export type JsonPrimitive = string | number | boolean | null;
export type JsonValue = JsonPrimitive | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

const MAX_DEPTH = 100;

/**
 * Where and why a value does not survive JSON, or undefined if it does. A property that is `undefined` counts as left
 * out, as JSON has it; everything else that would come back changed (dates, maps, class instances, NaN, cycles, …) does
 * not survive.
 */
export function jsonFault(value: unknown, path: string, depth = 0): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (typeof value !== 'object') return `${path} is ${value === undefined ? 'undefined' : `a ${typeof value}`}`;
  if (depth === MAX_DEPTH) return `${path} is nested deeper than ${MAX_DEPTH} levels, or in a circle`;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const fault = jsonFault(value[index], `${path}[${index}]`, depth + 1);
      if (fault) return fault;
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return `${path} is a ${value.constructor?.name || 'class instance'}`;
  }
  if ('toJSON' in value) return `${path} has a toJSON method`;
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const fault = jsonFault(member, `${path}.${key}`, depth + 1);
    if (fault) return fault;
  }
  return undefined;
}
