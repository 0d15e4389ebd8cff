import { InvalidTriggerError } from '../errors.js';
import { errorInfo } from '../event/outcome.js';
import type { CompiledTrigger } from './compiled-trigger.js';

/**
 * A compiled trigger whose answers can be built on: each fire time is whole ms and later than the instant that was asked from,
 * each delay whole ms of at least 0. Whatever else it answers or throws becomes an InvalidTriggerError, so that a walk over its
 * fire times ends, and nothing that is no instant is stored.
 */
export function soundTrigger(trigger: CompiledTrigger): CompiledTrigger {
  const nextMs = (after: number): number | null => {
    const fireTime = answerOf(() => trigger.nextMs(after));
    if (fireTime === null || (Number.isSafeInteger(fireTime) && fireTime > after)) return fireTime;
    throw new InvalidTriggerError(`the trigger cannot be planned: after ${after} it names ${fireTime}`);
  };
  const delayMs = (fireTime: number): number => {
    const delay = answerOf(() => trigger.delayMs(fireTime));
    if (Number.isSafeInteger(delay) && delay >= 0) return delay;
    throw new InvalidTriggerError(`the trigger cannot be planned: it delays ${fireTime} by ${delay}`);
  };
  return Object.freeze({ nextMs, delayMs, next: trigger.next, delay: trigger.delay });
}

function answerOf<T>(ask: () => T): T {
  try {
    return ask();
  } catch (cause) {
    if (cause instanceof InvalidTriggerError) throw cause;
    throw new InvalidTriggerError(`the trigger cannot be planned: ${errorInfo(cause).message}`, { cause });
  }
}
