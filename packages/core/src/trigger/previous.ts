import type { CompiledTrigger } from './compiled-trigger.js';

/** How far back a search goes, ms: calendars repeat after 400 years. */
const FARTHEST = 400 * 365.2425 * 86_400_000;

/**
 * Returns the last fire time (ms) strictly before an instant (ms); null if the trigger names none in the 400 years before. It asks `nextMs` in
 * windows that double, then halves the window that holds the fire time.
 */
export function previousFireTime({ nextMs }: Pick<CompiledTrigger, 'nextMs'>, before: number): number | null {
  const firstAfter = (start: number) => {
    const found = nextMs(start);
    return found !== null && found < before ? found : null;
  };
  // There are no fire times in [end, before).
  let end = before;
  let found: number | null = null;
  for (let width = 1_000; found === null && end > before - FARTHEST; width *= 2) {
    const start = before - width;
    found = firstAfter(start - 1);
    if (found === null) end = start;
  }
  while (found !== null) {
    const later = firstAfter(found);
    if (later === null) return found;
    found = later;
    const middle = Math.floor((found + end) / 2);
    const half = firstAfter(middle);
    if (half === null) end = middle + 1;
    else found = half;
  }
  return null;
}
