import type { Clock } from './clock.js';
import { clockEffect } from './clock-effect.js';
import type { Mismatch } from './mismatch.js';

/** A change of the zone's clock, where it decides. `found`: what does not match of what the clock shows. */
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
