import type { RecordedJobChange } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import type { Caller } from '../../auth/identity.js';
import { instant, json } from './scalars.js';

export const recordedChange = z
  .strictObject({
    at: instant.nullable(),
    what: z.string().nullable().openapi({ description: '`added`, `modified` and others; null: not known' }),
    actor: z.string().nullable(),
    reason: z.string().nullable(),
    revision: z.int().nullable().openapi({ description: 'which it made; null: the job ended by it' }),
    changed: z.array(z.strictObject({ member: z.string(), before: json, after: json })),
    redacted: z.literal(true).optional(),
  })
  .openapi('RecordedChange');

const span = { from: instant, to: instant.nullable().openapi({ description: 'null: it goes on' }) };
const end = z.string().nullable().openapi({ description: 'how it ended; null: it goes on' });

export const storeHistory = z
  .strictObject({
    jobStore: z.string(),
    speaksFrom: instant.nullable(),
    terms: z.array(z.strictObject({ ...span, coordinatorId: z.string(), epoch: z.int(), end })),
    workers: z.array(z.strictObject({ ...span, workerId: z.string(), executor: z.string(), end })),
    pauses: z.array(z.strictObject({ ...span, actor: z.string().nullable(), reason: z.string().nullable() })),
  })
  .openapi('StoreHistory');

const ARGUMENTS = ['args', 'kwargs'];

/** A caller who is not shown arguments sees that they were changed, and not how. */
export function changeJson(one: RecordedJobChange, { redact }: Pick<Caller, 'redact'>): object {
  const isHidden = ({ member }: { readonly member: string }) => redact.has('arguments') && ARGUMENTS.includes(member);
  if (!one.changed.some(isHidden)) return one;
  const changed = one.changed.map((each) => (isHidden(each) ? { ...each, before: null, after: null } : each));
  return { ...one, changed, redacted: true };
}
