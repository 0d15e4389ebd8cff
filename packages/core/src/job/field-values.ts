import type { z } from 'zod';
import type { JobField, Reader } from './field.js';
import { JOB_FIELDS } from './fields.js';

type Fields = typeof JOB_FIELDS;
type Name = keyof Fields;
type Group = 'execution' | 'policy' | 'job';
type Value<N extends Name> =
  | z.output<Fields[N]['stored']>
  | (Fields[N] extends { readonly default: infer Default } ? Default : never);
type KeyOf<N extends Name> = Fields[N] extends { readonly key: infer Key extends string } ? Key : N;
type OptionOf<G extends Group> = { [N in Name]: Fields[N] extends { readonly belongsTo: G } ? N : never }[Name];
type NameReadBy<R extends Reader> = {
  [N in Name]: Fields[N] extends { readonly readBy: readonly (infer Some)[] } ? (R extends Some ? N : never) : never;
}[Name];

/** The values that a job has, by the keys of its record. */
export type JobValues = { readonly [N in Name as KeyOf<N>]: Value<N> };

/** Those of them that a reader reads. */
export type ReadBy<R extends Reader> = { readonly [N in NameReadBy<R> as KeyOf<N>]: Value<N> };

/** Values of options as checks answer them. */
type Given<G extends Group> = { readonly [N in OptionOf<G>]?: Value<N> | undefined };

/** A field with its names. */
export interface Row extends JobField {
  readonly name: string;
  readonly key: string;
}

export const ROWS: readonly Row[] = Object.entries<JobField>(JOB_FIELDS).map(([name, field]) => ({
  ...field,
  name,
  key: field.key ?? name,
}));

/** The checks of the options of a group. */
export function optionsOf<G extends Group>(
  group: G,
): { readonly [N in OptionOf<G>]: Fields[N] extends { readonly option: infer Option } ? Option : never } {
  return Object.fromEntries(
    ROWS.filter(({ belongsTo }) => belongsTo === group).map(({ name, option }) => [name, option]),
  ) as never;
}

/** The checks of what records have of the fields that a reader reads. */
export function storedOf<R extends Reader>(
  reader: R,
): { readonly [N in NameReadBy<R> as KeyOf<N>]: z.ZodOptional<Fields[N]['stored']> } {
  const rows = ROWS.filter(({ readBy }) => readBy?.includes(reader));
  return Object.fromEntries(rows.map(({ key, stored }) => [key, stored.optional()])) as never;
}

/** The defaults of a job, without the fields that every job states. A copy that is handed on needs lists of its own. */
export const DEFAULTS = usualValues();

function usualValues(): Omit<JobValues, 'task' | 'trigger'> {
  // V8 copies what JSON.parse makes at once. It does so no more where members are added to the copy: so there are all that a job may have.
  const keys = [...ROWS.map(({ key }) => key), 'since', 'trace', 'unknown'];
  const values = JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, null]))));
  for (const key of keys) values[key] = ROWS.find((row) => row.key === key)?.default;
  return values;
}

/** Returns a function that copies values, and sets the options of some groups: for each field, the value of the first source that has one. */
export function valuesOf<G extends Group>(...groups: readonly G[]) {
  const rows = ROWS.filter(
    ({ belongsTo }) => belongsTo !== undefined && (groups as readonly string[]).includes(belongsTo),
  );
  const keys = new Map(rows.map(({ name, key }) => [name, key]));
  return <V extends object>(before: V, ...sources: readonly Given<G>[]): V => {
    const values = { ...before } as Record<string, unknown>;
    // Few of them are given: what the first source says is written last.
    for (const source of (sources as readonly Readonly<Record<string, unknown>>[]).toReversed()) {
      for (const name of Object.keys(source)) {
        const key = keys.get(name);
        if (key !== undefined && source[name] !== undefined) values[key] = source[name];
      }
    }
    return values as V;
  };
}

/** Writes what a record, or the body of a run, gets of some fields. */
export function writeFields(rows: readonly Row[], definition: object, into: Record<string, unknown>): void {
  const values = definition as Readonly<Record<string, unknown>>;
  for (const { key, default: usual, write } of rows) {
    const value = values[key];
    if (write) {
      const written = write(value as never, definition as never);
      if (written !== undefined) into[key] = written;
    } else if (value !== usual && value !== undefined && !(Array.isArray(value) && value.length === 0)) {
      into[key] = value;
    }
  }
}

type Shown<N extends Name> = Fields[N] extends { readonly show: (value: never) => infer Seen } ? Seen : Value<N>;

/** The fields that users see of a job, beside its name. */
export type ShownField = Exclude<
  { [N in Name]: Fields[N] extends { readonly hidden: true } ? never : N }[Name],
  'name'
>;

const SHOWN = ROWS.filter(({ hidden, name }) => !hidden && name !== 'name');

/** Gives an object the fields of a job as users see them. */
export function showFields(definition: JobValues, into: { [N in ShownField]: Shown<N> }): void {
  for (const { name, key, show } of SHOWN) {
    const value = definition[key as keyof JobValues];
    (into as Record<string, unknown>)[name] = show ? show(value as never) : value;
  }
}
