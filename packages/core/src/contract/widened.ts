import type { JsonObject, JsonValue } from '../json.js';

/** Keywords whose members are schemas by name. */
const BY_NAME = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
/** Keywords whose value is data. */
const DATA = new Set(['const', 'enum', 'default', 'examples']);

/**
 * A schema that refuses nothing for what libraries read in their own ways. `format` is left out; `pattern` is the same everywhere. `minLength` is halved: JSON
 * Schema counts code points, where most libraries count UTF-16 units, of which a code point has up to two.
 */
export function widened(schema: JsonObject): JsonObject {
  const kept = Object.entries(schema).filter(([keyword]) => keyword !== 'format');
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, inside(keyword, value)]));
}

function inside(keyword: string, value: JsonValue): JsonValue {
  if (DATA.has(keyword)) return value;
  if (keyword === 'minLength' && typeof value === 'number') return Math.ceil(value / 2);
  if (BY_NAME.has(keyword) && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, ofSchema(one)]));
  }
  return Array.isArray(value) ? value.map(ofSchema) : ofSchema(value);
}

function ofSchema(value: JsonValue): JsonValue {
  return isObject(value) ? widened(value) : value;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
