import { hash } from 'node:crypto';
import { checkForm, isChecked } from './form.js';
import { isComposite, kindOf, leavesOf, ownTimezone, type Trigger, triggerSchema } from './trigger.js';

/**
 * The zone in which a trigger reads the clock; undefined if it reads none. If its parts read several zones, it is the zone for the parts that have
 * no zone of their own, or undefined if there are no such parts.
 */
export function triggerZone(trigger: Trigger, schedulerZone?: string): string | undefined {
  if (!isComposite(trigger) && kindOf(trigger).basis !== 'clock') return undefined;
  const clocks = leavesOf(trigger).filter((leaf) => kindOf(leaf).basis === 'clock');
  const zones = new Set(clocks.map(ownTimezone));
  if (zones.has(undefined)) return schedulerZone ?? 'UTC';
  return zones.size === 1 ? [...zones][0] : undefined;
}

/** Whether the fire times of a trigger depend on when its job was added. */
export function usesAnchor(trigger: Trigger): boolean {
  if (!isComposite(trigger)) return kindOf(trigger).usesAnchor(trigger);
  return leavesOf(trigger).some((leaf) => kindOf(leaf).usesAnchor(leaf));
}

/** Whether the fire times of a trigger may depend on the id of its job. */
export function usesId(trigger: Trigger): boolean {
  return leavesOf(trigger).some((leaf) => kindOf(leaf).usesId(leaf));
}

/** Whether all jobs with this trigger and the same zone fire at the same instants, whatever their ids and whenever they were added. */
export function isSameForAll(trigger: Trigger): boolean {
  const isDelayed = leavesOf(trigger).some((leaf) => 'jitter' in leaf);
  return isChecked(trigger) && !isDelayed && !usesAnchor(trigger) && !usesId(trigger);
}

/**
 * Returns a trigger of one part with the values that the id of its job decides. Triggers with equal values are equal. Other triggers are returned
 * as they are.
 */
export function forJob(trigger: Trigger, jobId: string): Trigger {
  if (trigger.type === 'and' || trigger.type === 'or') return trigger;
  return kindOf(trigger).forJob?.(trigger, jobId) ?? trigger;
}

/** Digests of checked triggers, by the scheduler's zone. */
const remembered = new WeakMap<Trigger, { readonly zone: string | undefined; readonly digest: string }>();
/** Digests by the JSON of the trigger and its zone: many jobs have the same trigger, each as an object of its own. */
const digests = new Map<string, string>();
const MOST_KEPT = 1_000;

/**
 * Returns 16 hex digits that are the same for equal triggers, which have the same normalised form and the same resolved zone. The time at which a
 * job was added plays no part.
 * @throws InvalidTriggerError if the trigger does not have the form of one.
 */
export function triggerDigest(trigger: Trigger, schedulerZone?: string): string {
  const checked = checkForm(triggerSchema, trigger);
  const last = remembered.get(checked);
  if (last && last.zone === schedulerZone) return last.digest;
  const digest = digestOf(checked, schedulerZone);
  remembered.set(checked, { zone: schedulerZone, digest });
  return digest;
}

function digestOf(checked: Trigger, schedulerZone: string | undefined): string {
  const zone = triggerZone(checked, schedulerZone);
  const given = JSON.stringify([checked, zone]);
  const known = digests.get(given);
  if (known !== undefined) return known;
  const digest = hash('sha256', JSON.stringify(sorted({ form: canonicalForm(checked), zone })), 'hex').slice(0, 16);
  if (digests.size >= MOST_KEPT) digests.clear();
  digests.set(given, digest);
  return digest;
}

function canonicalForm(trigger: Trigger): object {
  return isComposite(trigger)
    ? { type: trigger.type, triggers: trigger.triggers.map(canonicalForm) }
    : kindOf(trigger).canonical(trigger);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, field]) => [key, sorted(field)]));
}
