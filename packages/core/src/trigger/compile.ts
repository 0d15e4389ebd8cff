import { type CompiledTrigger, type CompileOptions, compiledTrigger, type NextMs } from './compiled-trigger.js';
import { compileCron } from './cron.js';
import { compileDate } from './date.js';
import { checkForm } from './form.js';
import { compileInterval } from './interval.js';
import { type Trigger, triggerSchema } from './trigger.js';

/**
 * Checks a trigger, which may come from anywhere, and makes what answers `next`.
 * @throws InvalidTriggerError that names the field, the value and what is allowed.
 */
export function compileTrigger(trigger: Trigger, options: CompileOptions = {}): CompiledTrigger {
  const checked = checkForm(triggerSchema, trigger);
  const jitter = checked.type === 'date' ? undefined : checked.jitter;
  return compiledTrigger(compileNext(checked, options), jitter, options.jobId);
}

function compileNext(trigger: Trigger, options: CompileOptions): NextMs {
  switch (trigger.type) {
    case 'date':
      return compileDate(trigger);
    case 'interval':
      return compileInterval(trigger, options);
    case 'cron':
      return compileCron(trigger, options);
  }
}
