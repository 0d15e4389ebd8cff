import { createHash } from 'node:crypto';
import { canonicalCron, zoneOfCron } from './cron.js';
import { canonicalDate } from './date.js';
import { checkForm } from './form.js';
import { canonicalInterval } from './interval.js';
import { type Trigger, triggerSchema } from './trigger.js';

/** The zone in which a trigger reads the clock; undefined for those that read none. */
export function triggerZone(trigger: Trigger, schedulerZone?: string): string | undefined {
  return trigger.type === 'cron' ? zoneOfCron(trigger, schedulerZone) : undefined;
}

/**
 * 16 hex digits that are the same for equal triggers: the same given form, canonically written, and the same resolved
 * zone. When a job was added plays no part.
 * @throws InvalidTriggerError if the trigger does not have the form of one.
 */
export function triggerDigest(trigger: Trigger, schedulerZone?: string): string {
  const checked = checkForm(triggerSchema, trigger);
  const form = { form: canonicalForm(checked), zone: triggerZone(checked, schedulerZone) };
  return createHash('sha256')
    .update(JSON.stringify(sorted(form)))
    .digest('hex')
    .slice(0, 16);
}

function canonicalForm(trigger: Trigger): object {
  switch (trigger.type) {
    case 'date':
      return canonicalDate(trigger);
    case 'interval':
      return canonicalInterval(trigger);
    case 'cron':
      return canonicalCron(trigger);
  }
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, field]) => [key, sorted(field)]));
}
