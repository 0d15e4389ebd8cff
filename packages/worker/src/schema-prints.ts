import { hash } from 'node:crypto';
import { contractOf, schemaOf } from './contract.js';
import type { TaskFunctions } from './tasks.js';

/** A fingerprint of the schema of each task, by its name: the same for each load of a module. */
export type SchemaPrints = Readonly<Record<string, string>>;

export function schemaPrints(tasks: TaskFunctions): SchemaPrints {
  return Object.fromEntries(
    [...tasks].map(([name, callable]) => {
      const { jsonSchema } = contractOf(callable);
      if (jsonSchema) return [name, hash('sha1', JSON.stringify(jsonSchema), 'hex')];
      return [name, schemaOf(callable) ? 'not published' : 'none'];
    }),
  );
}

/** Returns the tasks that are in both places and have different schemas. */
export function differingSchemas(one: SchemaPrints, other: SchemaPrints): readonly string[] {
  return Object.keys(one).filter((name) => Object.hasOwn(other, name) && one[name] !== other[name]);
}
