import type { Clock } from './clock.js';
import { clockEffect } from './clock-effect.js';
import type { Mismatch } from './mismatch.js';

/**
 * Returns the change of the zone's clock that keeps a trigger from firing at an instant (ms); null if there is none. `found`: the first field that
 * does not match what the clock shows, if any.
 */
export function clockMismatch(clock: Clock, instant: number, found: Mismatch | null): Mismatch | null {
  const effect = clockEffect(clock, instant, found === null);
  if (!effect) return null;
  const { kind, wallClock, timezone } = effect;
  const text = {
    shifted: `the clock of ${timezone} skipped ${wallClock}: its fire was moved by as much`,
    skipped: `the clock of ${timezone} skipped ${wallClock}: it has no fire`,
    folded: `the clock of ${timezone} showed ${wallClock} twice: it fires at the other time`,
  }[kind];
  return { field: 'clock', is: wallClock, says: kind, text, clockChange: effect };
}
