import type { Clock } from './clock.js';
import { minutesInUtc } from './common-times.js';
import { MinutesOfDay } from './minutes-of-day.js';
import { zoneStateAt } from './stretches.js';

/**
 * Until when, at most until after `horizon`, clocks have no minute in common from an instant (ms) on, whatever the others of
 * them do; null: they may have one at once.
 */
export function silentUntil(clocks: readonly Clock[], instant: number, horizon: number): number | null {
  let end: number | null = null;
  for (let next = disagreement(clocks, instant); next !== null; next = disagreement(clocks, next)) {
    end = next;
    if (next > horizon) break;
  }
  return end;
}

/**
 * Until when the first of these clocks, as many as it takes, name no minute together from an instant (ms) on; null: all of
 * them may. The zones of the others are not looked at: to read the changes of a zone is what takes long.
 */
function disagreement(clocks: readonly Clock[], instant: number): number | null {
  let minutes = MinutesOfDay.ALL;
  let end = Number.POSITIVE_INFINITY;
  for (const { zone, rule, timeOfDay } of clocks) {
    const { end: stateEnd, offset, shiftedFrom } = zoneStateAt(zone, instant);
    const offsets = rule.gap === 'shift' && shiftedFrom !== null ? [offset, shiftedFrom] : [offset];
    // Off by seconds, as Monrovia was until 1972: minutes do not tell.
    if (offsets.some((ms) => ms % 60_000 !== 0)) return null;
    end = Math.min(end, stateEnd);
    minutes = minutes.and(minutesInUtc({ timeOfDay, offsets }));
    if (minutes.isEmpty) return end;
  }
  return null;
}
