import {
  type ArgumentIssue,
  type ArgumentsContract,
  InvalidArgumentsError,
  InvalidOptionsError,
  type TaskFunction,
} from '@carillon/core';
import { argumentPath, checkNames, jsonFault, shown } from '@carillon/core/internal';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type ArgumentsSchema, noteContract } from './contract.js';

/** A task and the schema of its arguments. */
export interface TaskDefinition<S extends ArgumentsSchema, R> {
  readonly args: S;
  /**
   * A JSON Schema of all arguments, as a list. Workers publish it, and calls that add jobs or enqueue runs check against it. By
   * default, it is the one that the library of `args` makes, if it has the Standard JSON Schema interface. false publishes none.
   */
  readonly jsonSchema?: ArgumentsContract | false | undefined;
  /** The task itself: it gets the arguments as the schema returns them. */
  readonly run: (...args: ListOf<StandardSchemaV1.InferOutput<S>>) => R;
}

/** A task that checks its arguments. Callers pass the input of the schema. */
export type SchemaTask<S extends ArgumentsSchema, R> = (
  ...args: ListOf<StandardSchemaV1.InferInput<S>>
) => Promise<Awaited<R>>;

type ListOf<T> = T extends readonly unknown[] ? T : never;

/**
 * Makes a task that checks its arguments before it runs: `run` gets them as the schema returns them, with its defaults and
 * transformations. Arguments that do not satisfy the schema end the run as an error, `INVALID_ARGUMENTS`, which is not retried.
 * @throws InvalidOptionsError
 */
export function task<S extends ArgumentsSchema, R>(definition: TaskDefinition<S, R>): SchemaTask<S, R> {
  const { args: schema, jsonSchema, run } = checkDefinition(definition);
  const checking: SchemaTask<S, R> = async (...args): Promise<Awaited<R>> => {
    const list = await parsed(schema, args);
    return await run(...list);
  };
  noteContract(checking as TaskFunction, { schema, jsonSchema });
  return checking;
}

/** @throws InvalidArgumentsError */
async function parsed<S extends ArgumentsSchema>(
  schema: S,
  args: readonly unknown[],
): Promise<ListOf<StandardSchemaV1.InferOutput<S>>> {
  const result = await schema['~standard'].validate(args);
  if (result.issues) throw new InvalidArgumentsError(result.issues.map(issueOf));
  if (Array.isArray(result.value)) return result.value as never;
  throw new InvalidOptionsError(
    `task: its schema returned ${shown(result.value)} for the arguments, which is not a list: give a schema of a list, such as a tuple`,
  );
}

/** Converts an issue of a schema, with its path in the arguments. */
export function issueOf({ path = [], message }: StandardSchemaV1.Issue): ArgumentIssue {
  const keys = path.map((part) => (typeof part === 'object' ? part.key : part));
  return { path: argumentPath(keys), message };
}

function checkDefinition<S extends ArgumentsSchema, R>(definition: TaskDefinition<S, R>): TaskDefinition<S, R> {
  if (typeof definition !== 'object' || definition === null) {
    throw new InvalidOptionsError(`task: ${shown(definition)} is not an object: give { args, run }`);
  }
  checkNames(definition, ['args', 'jsonSchema', 'run'], 'task');
  if (typeof definition.run !== 'function') {
    throw new InvalidOptionsError(`task: run ${shown(definition.run)} is not a function`);
  }
  checkJsonSchema(definition.jsonSchema);
  if (isSchema(definition.args)) return definition;
  throw new InvalidOptionsError(
    `task: args ${shown(definition.args)} is not a schema: give one of a library that supports Standard Schema, such as z.tuple([z.string()])`,
  );
}

function checkJsonSchema(jsonSchema: unknown): void {
  if (jsonSchema === undefined || jsonSchema === false) return;
  if (typeof jsonSchema !== 'object' || jsonSchema === null || Array.isArray(jsonSchema)) {
    throw new InvalidOptionsError(
      `task: jsonSchema ${shown(jsonSchema)} is not a JSON Schema: give an object, such as { type: 'array' }, or false`,
    );
  }
  const fault = jsonFault(jsonSchema, 'jsonSchema');
  if (fault !== undefined) throw new InvalidOptionsError(`task: ${fault}: give a value that JSON can carry`);
}

function isSchema(schema: unknown): boolean {
  if ((typeof schema !== 'object' && typeof schema !== 'function') || schema === null) return false;
  const standard: unknown = Reflect.get(schema, '~standard');
  return typeof standard === 'object' && standard !== null && 'validate' in standard;
}
