import type { ArgumentsContract, TaskFunction } from '@carillon/core';
import { jsonFault } from '@carillon/core/internal';
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { libraryOptions } from './library-options.js';
import { reasonOf } from './reason.js';

/** A schema of all arguments of a task, as a list: of zod, valibot, arktype or any other library of https://standardschema.dev. */
export type ArgumentsSchema = StandardSchemaV1<readonly unknown[], readonly unknown[]>;

/** What is published of a task's schema. Without either member, there is nothing to publish. */
export interface TaskContract {
  readonly jsonSchema?: ArgumentsContract;
  /** Why it cannot be published. */
  readonly why?: string;
}

interface Given {
  readonly schema: ArgumentsSchema;
  /** The JSON Schema of the caller; false if none should be published. */
  readonly jsonSchema: ArgumentsContract | false | undefined;
}

/** A member of the task itself, so that a task from another copy of this package has it, too. */
const GIVEN = Symbol.for('carillon.contract');

/** Stores the contract of a task's arguments. */
export function noteContract(task: TaskFunction, contract: Given): void {
  Object.defineProperty(task, GIVEN, { value: contract });
}

function givenOf(task: TaskFunction): Partial<Given> {
  return (Reflect.get(task, GIVEN) as Given | undefined) ?? {};
}

/** The schema by which a task checks its arguments; undefined if it takes any. */
export function schemaOf(task: TaskFunction): ArgumentsSchema | undefined {
  return givenOf(task).schema;
}

/** Returns what is published of a task: the JSON Schema of the caller, else the one that the library of its schema makes. */
export function contractOf(task: TaskFunction): TaskContract {
  const { schema, jsonSchema } = givenOf(task);
  if (jsonSchema) return { jsonSchema };
  if (!schema || jsonSchema === false) return {};
  const standard = schema['~standard'] as ArgumentsSchema['~standard'] & Partial<StandardJSONSchemaV1.Props>;
  if (!standard.jsonSchema) return {};
  try {
    const made = standard.jsonSchema.input({
      target: 'draft-2020-12',
      libraryOptions: libraryOptions(standard.vendor),
    });
    const written: unknown = JSON.parse(JSON.stringify(made));
    const fault = jsonFault(written, 'jsonSchema');
    return fault === undefined ? { jsonSchema: written as ArgumentsContract } : { why: fault };
  } catch (error) {
    return { why: `${standard.vendor} makes no JSON Schema of it: ${reasonOf(error)}` };
  }
}
