import { type ArgumentIssue, InvalidArgumentsError, InvalidOptionsError } from '@carillon/core';
import { checkNames, shown } from '@carillon/core/internal';
import type { StandardSchemaV1 } from '@standard-schema/spec';

/** A schema of all arguments of a task, as a list: of zod, valibot, arktype or any other library of https://standardschema.dev. */
export type ArgumentsSchema = StandardSchemaV1<readonly unknown[], readonly unknown[]>;

/** A task and the schema of its arguments. */
export interface TaskDefinition<S extends ArgumentsSchema, R> {
  readonly args: S;
  /** Called with what the schema makes of the arguments. */
  readonly run: (...args: ListOf<StandardSchemaV1.InferOutput<S>>) => R;
}

/** A task that checks its arguments. Callers give what the schema takes. */
export type SchemaTask<S extends ArgumentsSchema, R> = (
  ...args: ListOf<StandardSchemaV1.InferInput<S>>
) => Promise<Awaited<R>>;

type ListOf<T> = T extends readonly unknown[] ? T : never;

/**
 * Makes a task that checks its arguments before it runs: `run` gets what the schema makes of them, with its defaults and
 * transformations. Arguments that do not satisfy the schema end the run as an error, `INVALID_ARGUMENTS`, which is not tried again.
 * @throws InvalidOptionsError
 */
export function task<S extends ArgumentsSchema, R>(definition: TaskDefinition<S, R>): SchemaTask<S, R> {
  const { args: schema, run } = checkDefinition(definition);
  return async (...args): Promise<Awaited<R>> => {
    const list = await parsed(schema, args);
    return await run(...list);
  };
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
    `task: its schema made ${shown(result.value)} of the arguments, which is no list: give a schema of a list, such as a tuple`,
  );
}

function issueOf({ path = [], message }: StandardSchemaV1.Issue): ArgumentIssue {
  const keys = path.map((part) => (typeof part === 'object' ? part.key : part));
  return { path: `args${keys.map(stepOf).join('')}`, message };
}

function stepOf(key: PropertyKey): string {
  if (typeof key === 'number') return `[${key}]`;
  const name = String(key);
  if (/^\d+$/.test(name)) return `[${name}]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function checkDefinition<S extends ArgumentsSchema, R>(definition: TaskDefinition<S, R>): TaskDefinition<S, R> {
  if (typeof definition !== 'object' || definition === null) {
    throw new InvalidOptionsError(`task: ${shown(definition)} is not an object: give { args, run }`);
  }
  checkNames(definition, ['args', 'run'], 'task');
  if (typeof definition.run !== 'function') {
    throw new InvalidOptionsError(`task: run ${shown(definition.run)} is not a function`);
  }
  if (isSchema(definition.args)) return definition;
  throw new InvalidOptionsError(
    `task: args ${shown(definition.args)} is not a schema: give one of a library that has Standard Schema, such as z.tuple([z.string()])`,
  );
}

function isSchema(schema: unknown): boolean {
  if ((typeof schema !== 'object' && typeof schema !== 'function') || schema === null) return false;
  const standard: unknown = Reflect.get(schema, '~standard');
  return typeof standard === 'object' && standard !== null && 'validate' in standard;
}
