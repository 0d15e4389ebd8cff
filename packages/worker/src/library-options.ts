/** A part of a schema, as zod passes it while it makes a JSON Schema. */
interface ZodPart {
  readonly zodSchema: { readonly _zod: { readonly def: ZodDef } };
  readonly jsonSchema: { [keyword: string]: unknown };
}

interface ZodDef {
  readonly type: string;
  readonly coerce?: boolean;
  readonly in?: { readonly _zod: { readonly def: ZodDef } };
  readonly checks?: readonly { readonly _zod: { readonly def: { readonly pattern?: unknown } } }[];
  readonly pattern?: unknown;
}

/**
 * Options for a library, so that its JSON Schema refuses nothing that the schema itself accepts: a part that JSON Schema cannot express
 * becomes a wider one, in place of an error or a narrower one.
 */
export function libraryOptions(vendor: string): Record<string, unknown> {
  if (vendor === 'zod') return { unrepresentable: 'any', override: widen };
  if (vendor === 'arktype') return { fallback: ({ base }: { readonly base: unknown }) => base };
  return {};
}

/** A value that zod coerces, preprocesses or catches may be anything. A pattern has no flags in JSON Schema. */
function widen({ zodSchema, jsonSchema }: ZodPart): void {
  const { def } = zodSchema._zod;
  const takesAnything =
    def.coerce || def.type === 'catch' || (def.type === 'pipe' && def.in?._zod.def.type === 'transform');
  const patterns = [def.pattern, ...(def.checks ?? []).map((check) => check._zod.def.pattern)];
  const isLost = patterns.some((pattern) => pattern instanceof RegExp && /[ims]/.test(pattern.flags));
  for (const keyword of Object.keys(jsonSchema)) {
    if (takesAnything || (isLost && (keyword === 'pattern' || keyword === 'allOf'))) delete jsonSchema[keyword];
  }
}
