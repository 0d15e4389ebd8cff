import { setTimeout as delay } from 'node:timers/promises';
import { durationInUnit } from '@carillon/core/internal';
import { NoRedisError, reasonOf } from './errors.js';

/** Repeats an attempt until it succeeds. Throws the error that `giveUp` throws after a failed attempt, or that the time is over. */
export async function untilReady(
  attempt: () => Promise<void>,
  options: { readyMs?: number | undefined; giveUp: () => void },
): Promise<void> {
  const { readyMs = 30_000, giveUp } = options;
  const deadline = performance.now() + readyMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      giveUp();
      if (performance.now() > deadline) {
        throw new NoRedisError(
          `Redis was started but did not answer within ${durationInUnit(readyMs)}: ${reasonOf(error)}`,
        );
      }
    }
    await delay(20);
  }
}
