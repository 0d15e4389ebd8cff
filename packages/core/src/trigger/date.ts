import { z } from 'zod';
import type { NextMs } from './compiled-trigger.js';
import { checkForm, strictForm } from './form.js';
import { canonicalInstant, instantOf, instantSchema } from './instant.js';
import { versionSchema } from './version.js';

/** Fires once. `at` is an ISO instant. */
export interface DateTrigger {
  readonly v?: 1;
  readonly type: 'date';
  readonly at: string;
}

export const dateSchema = strictForm({ type: z.literal('date'), at: instantSchema, v: versionSchema });

/**
 * A trigger that fires once, at `when`: a Date, or an ISO string with its offset.
 * @throws InvalidTriggerError
 */
export function date(when: Date | string): DateTrigger {
  return checkForm(dateSchema, { type: 'date', at: canonicalInstant(when) });
}

export function nextOfDate(trigger: DateTrigger): NextMs {
  const at = instantOf(trigger.at);
  return (after) => (after < at ? at : null);
}

/** The given form, in its one spelling. */
export function canonicalDate({ v: _, ...trigger }: DateTrigger): object {
  return { ...trigger, at: canonicalInstant(trigger.at) };
}
