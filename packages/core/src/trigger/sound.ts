import { InvalidTriggerError } from '../errors.js';
import { errorInfo } from '../event/outcome.js';
import { instantGiven } from './arguments.js';
import { type CompiledTrigger, noDelay } from './compiled-trigger.js';
import { type FireTimes, type Search, searchOf, withSearch } from './search.js';
import type { Steps } from './steps.js';

/**
 * Returns a compiled trigger whose results are checked. Each fire time is whole ms and later than the instant before it; each delay is whole ms of
 * at least 0. Any other result, and anything that the trigger throws, becomes an InvalidTriggerError. So a walk over its fire times ends, and only
 * instants are stored.
 */
export function soundTrigger(trigger: FireTimes): CompiledTrigger {
  const nextMs = (after: number) => soundNext(after, nextOf(trigger, after));
  const delayMs = trigger.delayMs === noDelay ? noDelay : soundDelay(trigger);
  return withSearch(Object.freeze({ nextMs, delayMs, next, delay }), soundSearch(searchOf(trigger)));
}

function soundSearch(search: Search | undefined): Search | undefined {
  return (
    search && {
      *next(after) {
        return soundNext(after, yield* plannable(search.next(after)));
      },
      *delay(fireTime) {
        return soundMs(fireTime, yield* plannable(search.delay(fireTime)));
      },
    }
  );
}

function soundNext(after: number, fireTime: number | null): number | null {
  if (fireTime === null || (Number.isSafeInteger(fireTime) && fireTime > after)) return fireTime;
  throw new InvalidTriggerError(`the trigger cannot be planned: after ${after} it names ${fireTime}`);
}

function soundDelay(trigger: FireTimes): CompiledTrigger['delayMs'] {
  return (fireTime) => soundMs(fireTime, delayOf(trigger, fireTime));
}

function soundMs(fireTime: number, ms: number): number {
  if (Number.isSafeInteger(ms) && ms >= 0) return ms;
  throw new InvalidTriggerError(`the trigger cannot be planned: it delays ${fireTime} by ${ms}`);
}

// All compiled triggers share these two functions: a leader keeps the triggers of many jobs.

function next(this: CompiledTrigger, after: Date): Date | null {
  const fireTime = this.nextMs(instantGiven(after, 'next: after'));
  return fireTime === null ? null : new Date(fireTime);
}

function delay(this: CompiledTrigger, fireTime: Date): number {
  return this.delayMs(instantGiven(fireTime, 'delay: fireTime'));
}

function nextOf(trigger: FireTimes, after: number): number | null {
  try {
    return trigger.nextMs(after);
  } catch (error) {
    throw unplannable(error);
  }
}

function delayOf(trigger: FireTimes, fireTime: number): number {
  try {
    return trigger.delayMs(fireTime);
  } catch (error) {
    throw unplannable(error);
  }
}

function* plannable<T>(asked: Steps<T>): Steps<T> {
  try {
    return yield* asked;
  } catch (error) {
    throw unplannable(error);
  }
}

function unplannable(cause: unknown): InvalidTriggerError {
  if (cause instanceof InvalidTriggerError) return cause;
  return new InvalidTriggerError(`the trigger cannot be planned: ${errorInfo(cause).message}`, { cause });
}
