import { type JOB_FIELDS, jobFields } from '@carillon/core/internal';
import { z } from '@hono/zod-openapi';
import { duration, ms } from './scalars.js';

type Fields = typeof JOB_FIELDS;
type Group = 'execution' | 'policy' | 'job';

/** The names of a group's fields that are one value. */
type Plain<G extends Group> = {
  [N in keyof Fields]: Fields[N] extends { readonly belongsTo: G; readonly kind: unknown } ? N : never;
}[keyof Fields];

type OrNull<Field, Schema extends z.ZodType> = Field extends { readonly default: null }
  ? z.ZodNullable<Schema>
  : Schema;

type SchemaOf<Field, Duration extends z.ZodType> = Field extends { readonly kind: infer Kind }
  ? Kind extends 'duration'
    ? OrNull<Field, Duration>
    : Kind extends 'text'
      ? OrNull<Field, z.ZodString>
      : Kind extends 'flag'
        ? OrNull<Field, z.ZodBoolean>
        : Kind extends readonly (infer Word extends string)[]
          ? OrNull<Field, z.ZodEnum<{ [W in Word]: W }>>
          : OrNull<Field, z.ZodInt>
  : never;

type Answered<G extends Group> = { readonly [N in Plain<G>]: SchemaOf<Fields[N], typeof ms> };
type Asked<G extends Group> = { readonly [N in Plain<G>]: z.ZodOptional<SchemaOf<Fields[N], typeof duration>> };

/** How answers have the plain fields of a group. */
export function answeredFields<G extends Group>(group: G): Answered<G> {
  return shapeOf(group, ms, (schema) => schema) as Answered<G>;
}

/** How requests have them. */
export function askedFields<G extends Group>(group: G): Asked<G> {
  return shapeOf(group, duration, (schema) => schema.optional()) as Asked<G>;
}

function shapeOf(group: Group, durations: z.ZodType, asIs: (schema: z.ZodType) => z.ZodType): object {
  const fields = jobFields.flatMap(({ belongsTo, name, kind, default: usual }) => {
    if (belongsTo !== group || !kind) return [];
    const schema = {
      text: z.string(),
      count: z.int(),
      'whole number': z.int(),
      duration: durations,
      flag: z.boolean(),
    };
    const plain = typeof kind === 'object' ? z.enum([...kind]) : schema[kind];
    return [[name, asIs(usual === null ? plain.nullable() : plain)] as const];
  });
  return Object.fromEntries(fields);
}
