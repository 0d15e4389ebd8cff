import { hash } from 'node:crypto';
import { contractOf, schemaOf } from './contract.js';
import type { TaskFunctions } from './tasks.js';

/** A text for the schema of each task by its name: the same for each load of a module. */
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

/** The tasks that are in both places, and whose schemas differ. */
export function differingSchemas(one: SchemaPrints, other: SchemaPrints): readonly string[] {
  return Object.keys(one).filter((name) => Object.hasOwn(other, name) && one[name] !== other[name]);
}
