import { compileTrigger } from './compile.js';
import type { CompileOptions } from './compiled-trigger.js';
import { inOtherWords, type Mismatch } from './mismatch.js';
import { triggerText } from './text.js';
import { isComposite, kindOf, type Trigger } from './trigger.js';

/**
 * Returns why a trigger does not name an instant (ms): the first field that does not match. null if the trigger names it.
 * @throws InvalidTriggerError
 */
export function whyNot(trigger: Trigger, options: CompileOptions, instant: number): Mismatch | null {
  if (compileTrigger(trigger, options).nextMs(instant - 1) === instant) return null;
  if (!isComposite(trigger)) return kindOf(trigger).mismatch(trigger, options, instant) ?? UNKNOWN;
  const failing = trigger.triggers.flatMap((part) => {
    const why = whyNot(part, options, instant);
    return why ? [{ part, why }] : [];
  });
  const [first] = failing;
  if (!first) return UNKNOWN;
  const texts = (trigger.type === 'and' ? [first] : failing).map(
    ({ part, why }) => `${triggerText(part)}: ${why.text}`,
  );
  const what = trigger.type === 'and' ? 'not all of its triggers name it' : 'none of its triggers names it';
  return { ...first.why, text: `${what} (${texts.join('; ')})` };
}

const UNKNOWN = inOtherWords('trigger', 'not named', 'other instants', 'the trigger names other instants');
