import { checkForm } from './form.js';
import { type AndTrigger, type OrTrigger, type Trigger, triggerSchema } from './trigger.js';

/**
 * A trigger that fires at the instants that all of these name.
 * @throws InvalidTriggerError
 */
export function and(...triggers: readonly Trigger[]): AndTrigger {
  return checkForm(triggerSchema, { type: 'and', triggers }) as AndTrigger;
}

/**
 * A trigger that fires at each instant that one of these names.
 * @throws InvalidTriggerError
 */
export function or(...triggers: readonly Trigger[]): OrTrigger {
  return checkForm(triggerSchema, { type: 'or', triggers }) as OrTrigger;
}
