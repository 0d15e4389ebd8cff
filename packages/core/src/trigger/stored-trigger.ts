import { z } from 'zod';
import { checkedForm } from './form.js';
import { type Trigger, triggerSchema } from './trigger.js';

/** Triggers that were read lately, by their JSON: many jobs have the same trigger. */
const known = new Map<string, Trigger>();
const MOST_KNOWN = 1_000;

/** A trigger of a job's record: frozen, and the same object for the same JSON. */
export const storedTriggerSchema = z.unknown().transform((data, context): Trigger => {
  const json = JSON.stringify(data);
  const found = known.get(json);
  if (found) return found;
  const result = triggerSchema.safeParse(data);
  if (!result.success) {
    context.issues.push(...(result.error.issues as z.core.$ZodRawIssue[]));
    return z.NEVER;
  }
  const trigger = checkedForm(result.data);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(json, trigger);
  return trigger;
});
