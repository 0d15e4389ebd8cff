import { checkTriggerOptions } from './arguments.js';
import type { CompileOptions } from './compiled-trigger.js';
import { triggerZone } from './digest.js';
import { checkForm } from './form.js';
import { isComposite, kindOf, type Trigger, triggerSchema } from './trigger.js';
import { zoneOf } from './zone.js';

/** The options that a description needs: the seed of `H`, and the scheduler's zone. */
export type DescribeOptions = Pick<CompileOptions, 'jobId' | 'timezone'>;

/**
 * Describes a trigger in English: `At 09:30, Monday through Friday, in Europe/Berlin`.
 * @throws InvalidTriggerError if it is not a trigger, or there is no such zone; InvalidOptionsError that names the option.
 */
export function describeTrigger(trigger: Trigger, options: DescribeOptions = {}): string {
  checkTriggerOptions(options, 'describeTrigger');
  return inWords(checkForm(triggerSchema, trigger), options);
}

function inWords(trigger: Trigger, options: DescribeOptions): string {
  if (isComposite(trigger)) {
    const parts = trigger.triggers.map((part) => `(${uncapitalized(inWords(part, options))})`);
    return trigger.type === 'and'
      ? `Whenever all of these agree: ${parts.join(' and ')}`
      : `Whenever one of these says so: ${parts.join(' or ')}`;
  }
  const zone = triggerZone(trigger, options.timezone);
  if (zone !== undefined) zoneOf(zone, trigger.type);
  return kindOf(trigger).words(trigger, { jobId: options.jobId, zone });
}

function uncapitalized(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
