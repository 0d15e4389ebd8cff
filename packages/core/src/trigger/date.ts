import { z } from 'zod';
import { checkForm, strictForm } from './form.js';
import { canonicalInstant, instantOf, instantSchema } from './instant.js';
import type { TriggerKind } from './kind.js';
import { iso, mismatch } from './mismatch.js';
import { versionSchema } from './version.js';

/** Fires once. `at` is an ISO instant. */
export interface DateTrigger {
  readonly v?: 1;
  readonly type: 'date';
  readonly at: string;
}

const schema = strictForm({ type: z.literal('date'), at: instantSchema, v: versionSchema });

/** Returns a trigger that fires once, at `when`: a Date, or an ISO string with its offset. @throws InvalidTriggerError */
export function date(when: Date | string): DateTrigger {
  return checkForm(schema, { type: 'date', at: canonicalInstant(when) });
}

export const dateKind: TriggerKind<DateTrigger> = {
  schema,
  basis: 'instant',
  usesAnchor: () => false,
  usesId: () => false,
  canonical: ({ v: _, ...trigger }) => ({ ...trigger, at: canonicalInstant(trigger.at) }),
  compile: (trigger) => {
    const at = instantOf(trigger.at);
    return { at, nextMs: (after) => (after < at ? at : null), jitterMs: 0, from: at, until: at };
  },
  parts: ({ at }) => [at],
  words: ({ at }) => `Once, at ${at}`,
  mismatch: ({ at }, _, instant) => mismatch('at', 'the instant', iso(instant), at),
};
