/** The most events that are kept: the newest ones. Older ones are dropped. */
export const MOST_KEPT = 2_000;

interface Placed {
  readonly eventId: string;
}

/**
 * Puts what came since, oldest first, before what is shown, newest first. What comes twice is taken once.
 * @param most how many are kept
 */
export function joined<T extends Placed>(shown: readonly T[], came: readonly T[], most = MOST_KEPT): readonly T[] {
  if (came.length === 0) return shown;
  const known = new Set(shown.slice(0, came.length).map(({ eventId }) => eventId));
  const fresh = came.filter(({ eventId }) => !known.has(eventId)).toReversed();
  return [...fresh, ...shown].slice(0, most);
}
