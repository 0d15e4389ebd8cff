import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '../json.js';

/** Keywords whose members are schemas by name. */
const BY_NAME = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
/** Keywords whose value is data. */
const DATA = new Set(['const', 'enum', 'default', 'examples']);

/** Keywords by which a schema refuses what a wider one inside it matches. `oneOf` is one, too. */
const TURNING = new Set(['not', 'if', 'then', 'else', 'maxContains']);

/** Changes one keyword of a schema; undefined if it is left out. */
type Change = (keyword: string, value: JsonValue) => readonly [keyword: string, value: JsonValue] | undefined;

/**
 * A schema that refuses nothing for what libraries read in their own ways. `format` is left out; `pattern` is the same everywhere. `minLength` is halved: JSON
 * Schema counts code points, where most libraries count UTF-16 units, of which a code point has up to two. Where that changes something, what a wider
 * schema would turn into a narrower one is left out, and one of `oneOf` may be any.
 */
export function widened(schema: JsonObject): JsonObject {
  const wide = changed(schema, widen);
  return isDeepStrictEqual(wide, schema) ? schema : changed(wide, unturned);
}

const widen: Change = (keyword, value) => {
  if (keyword === 'format') return undefined;
  return [keyword, keyword === 'minLength' && typeof value === 'number' ? Math.ceil(value / 2) : value];
};

const unturned: Change = (keyword, value) => {
  if (TURNING.has(keyword)) return undefined;
  return [keyword === 'oneOf' ? 'anyOf' : keyword, value];
};

function changed(schema: JsonObject, change: Change): JsonObject {
  const members = Object.entries(schema).flatMap(([keyword, value]) => {
    const member = change(keyword, value);
    return member ? [[member[0], inside(keyword, member[1], change)] as const] : [];
  });
  return Object.fromEntries(members);
}

function inside(keyword: string, value: JsonValue, change: Change): JsonValue {
  const ofSchema = (one: JsonValue) => (isObject(one) ? changed(one, change) : one);
  if (DATA.has(keyword)) return value;
  if (BY_NAME.has(keyword) && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, ofSchema(one)]));
  }
  return Array.isArray(value) ? value.map(ofSchema) : ofSchema(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
