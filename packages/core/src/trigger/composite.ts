import { checkForm } from './form.js';
import { type AndTrigger, type OrTrigger, type Trigger, triggerSchema } from './trigger.js';

/** Returns a trigger that fires at the instants that all of these triggers name. @throws InvalidTriggerError */
export function and(...triggers: readonly Trigger[]): AndTrigger {
  return checkForm(triggerSchema, { type: 'and', triggers }) as AndTrigger;
}

/** Returns a trigger that fires at each instant that at least one of these triggers names. @throws InvalidTriggerError */
export function or(...triggers: readonly Trigger[]): OrTrigger {
  return checkForm(triggerSchema, { type: 'or', triggers }) as OrTrigger;
}
