import { isComposite, kindOf, type Trigger } from './trigger.js';
import { inOneLine } from './words.js';

/**
 * Returns a trigger in one line, for tables and logs: `cron[30 9 * * 1-5, Europe/Berlin]`, `interval[5m]`, `and[cron[day=last fri], interval[2w]]`.
 * It is for people; the JSON form is for programs.
 */
export function triggerText(trigger: Trigger): string {
  return inOneLine(
    trigger.type,
    isComposite(trigger) ? trigger.triggers.map(triggerText) : kindOf(trigger).parts(trigger),
  );
}
