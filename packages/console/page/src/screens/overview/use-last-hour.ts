import { useEffect, useRef, useState } from 'preact/hooks';
import { call, inStore, queryOf } from '../../api/client';
import { follow } from '../../api/live';
import type { ConsoleEvent, EventPage } from '../../api/types';
import { type HourInNumbers, LastHour, TYPES } from './last-hour';

const HOUR_MS = 3_600_000;
const PAGE = 1_000;
/** An hour of a busy job store has more events than one wants to load: then the picture begins later, and says so. */
const MOST_PAGES = 8;
const DRAWN_EACH_MS = 1_000;

/**
 * The events of the last hour in numbers: those of the log, then those that come.
 * @param types which other events to follow
 * @param onEvent is called with each event that comes
 */
export function useLastHour(
  store: string,
  types: readonly string[],
  onEvent: (event: ConsoleEvent) => void,
): { readonly numbers: HourInNumbers | null; readonly error: Error | null } {
  const latest = useRef(onEvent);
  latest.current = onEvent;
  const [numbers, setNumbers] = useState<HourInNumbers | null>(null);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    const hour = new LastHour();
    const controller = new AbortController();
    let unfollow = () => {};
    let isChanged = true;
    const draw = () => {
      // Minutes go by without events, too.
      if (!document.hidden || isChanged) setNumbers(hour.numbers(Date.now()));
      isChanged = false;
    };
    let timer: ReturnType<typeof setInterval> | undefined;
    eventsOf(store, Date.now() - HOUR_MS, controller.signal).then(
      ({ events, since }) => {
        for (const event of events.toReversed()) hour.add(event);
        hour.since = since;
        draw();
        timer = setInterval(draw, DRAWN_EACH_MS);
        const add = (event: ConsoleEvent) => {
          if (TYPES.includes(event.type)) hour.add(event);
          isChanged = true;
          latest.current(event);
        };
        unfollow = follow(store, [...new Set([...TYPES, ...types])], add, events[0]?.eventId);
      },
      (thrown: Error) => !controller.signal.aborted && setError(thrown),
    );
    return () => {
      controller.abort();
      clearInterval(timer);
      unfollow();
    };
  }, [store]);
  return { numbers, error };
}

/** Newest first, back to `from`, or as far as pages are loaded: then `since` says to when. */
async function eventsOf(store: string, from: number, signal: AbortSignal) {
  const events: ConsoleEvent[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const query = queryOf({ types: TYPES.join(','), limit: PAGE, cursor });
    const page: EventPage = await call<EventPage>(`${inStore(store, 'events')}${query}`, { signal });
    events.push(...page.events.filter(({ at }) => new Date(at).getTime() >= from));
    const oldest = page.events.at(-1);
    cursor = page.cursor;
    if (cursor === null || (oldest && new Date(oldest.at).getTime() < from)) return { events, since: null };
  }
  const oldest = events.at(-1);
  return { events, since: oldest ? new Date(oldest.at).getTime() : null };
}
