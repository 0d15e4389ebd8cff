/** The part of JSON Schema that the schema of events uses; any other keyword is an error. */
interface Schema {
  readonly [keyword: string]: unknown;
}

const NOTES = ['$schema', '$id', '$defs', 'title', 'default'];

/** Returns why a value does not fit a schema; empty if it fits. */
export function violations(schema: Schema, value: unknown, root: Schema = schema, path = '$'): string[] {
  return Object.entries(schema).flatMap(([keyword, rule]): string[] => {
    const at = (fits: boolean) => (fits ? [] : [`${path}: not ${keyword} ${JSON.stringify(rule)?.slice(0, 80)}`]);
    const sub = (one: unknown, part: unknown, name: string) => violations(one as Schema, part, root, path + name);
    const matches = () => (rule as Schema[]).filter((one) => violations(one, value, root, path).length === 0).length;
    const members = isObject(value) ? Object.entries(value) : [];
    if (NOTES.includes(keyword)) return [];
    switch (keyword) {
      case 'type':
        return at(isOfType(value, rule));
      case 'const':
        return at(value === rule);
      case 'enum':
        return at((rule as unknown[]).includes(value));
      case 'minimum':
        return at(typeof value !== 'number' || value >= Number(rule));
      case 'maximum':
        return at(typeof value !== 'number' || value <= Number(rule));
      case 'oneOf':
        return at(matches() === 1);
      case 'anyOf':
        return at(matches() > 0);
      case '$ref':
        return sub(definition(root, String(rule)), value, '');
      case 'items':
        return Array.isArray(value) ? value.flatMap((item, index) => sub(rule, item, `[${index}]`)) : [];
      case 'required':
        return (rule as string[])
          .filter((name) => !members.some(([key]) => key === name))
          .map((name) => `${path}: no ${name}`);
      case 'properties':
        return members.flatMap(([key, member]) => {
          const one = (rule as Schema)[key];
          return one ? sub(one, member, `.${key}`) : [];
        });
      case 'propertyNames':
        return members.flatMap(([key]) => sub(rule, key, `.${key}`));
      case 'additionalProperties':
        return members
          .filter(([key]) => !isObject(schema.properties) || !(key in schema.properties))
          .flatMap(([key, member]) => sub(rule, member, `.${key}`));
      default:
        throw new Error(`keyword ${keyword} is not known here`);
    }
  });
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOfType(value: unknown, type: unknown): boolean {
  if (Array.isArray(type)) return type.some((one) => isOfType(value, one));
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'string' || type === 'number' || type === 'boolean') return typeof value === type;
  throw new Error(`type ${JSON.stringify(type)} is not known here`);
}

function definition(root: Schema, reference: string): unknown {
  const [, name = ''] = /^#\/\$defs\/(.+)$/.exec(reference) ?? [];
  return (root.$defs as Schema)[name];
}
