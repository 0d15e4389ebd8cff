import { InvalidOptionsError } from '../errors.js';
import { shown } from '../shown.js';

interface PlaceOptions {
  readonly redis?: unknown;
  readonly memory?: unknown;
}

/**
 * Whether job stores are in the memory of this process. A `redis` that is there and undefined, such as an unset environment variable, does
 * not mean memory: jobs would be lost silently.
 * @throws InvalidOptionsError
 */
export function isInMemory(options: PlaceOptions): boolean {
  if (typeof options !== 'object' || options === null) return false;
  const { redis, memory } = options;
  const isMeant = asksForMemory(memory, redis);
  if (!isMeant && 'redis' in options && redis === undefined) {
    throw new InvalidOptionsError(
      'redis: undefined is not a place: give a URL such as "redis://localhost:6379", or plain options; to keep jobs in the memory of this process, leave redis out',
    );
  }
  return redis === undefined;
}

/** Whether options ask for memory. @throws InvalidOptionsError */
export function asksForMemory(memory: unknown, redis: unknown): boolean {
  if (memory !== undefined && memory !== true) {
    throw new InvalidOptionsError(`memory: ${shown(memory)} is not true: give true, or leave it out`);
  }
  if (memory && redis !== undefined) throw new InvalidOptionsError('redis, memory: give one of them, not both');
  return memory === true;
}
