import { useCallback, useEffect, useRef } from 'preact/hooks';
import { inStore, queryOf } from './client';
import type { ConsoleEvent } from './types';

/** The least time between two reloads, however many events arrive. */
const AT_MOST_EACH_MS = 1_000;
/** So that what no event says (a worker that is silent, a clock that goes on) is seen, too. */
const AT_LEAST_EACH_MS = 15_000;
const RETRY_MS = 5_000;

/**
 * Follows the events of a job store until the function that it returns is called. The browser connects again by itself, after the last
 * event that it was sent; where the console refused, it is asked again after a while. While the page is hidden it has no connection: a
 * browser has six for all tabs of a console.
 * @param after an eventId: events after that, and not from now on
 * @param onConnected is called with whether there is a connection
 */
export function follow(
  store: string,
  types: readonly string[],
  onEvent: (event: ConsoleEvent) => void,
  after = '',
  onConnected: (isConnected: boolean) => void = () => {},
): () => void {
  let source: EventSource | null = null;
  let last = after;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const connect = () => {
    source = new EventSource(
      `${inStore(store, 'events', 'stream')}${queryOf({ types: types.join(','), after: last })}`,
    );
    source.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
      last = lastEventId;
      onEvent(JSON.parse(data) as ConsoleEvent);
    };
    source.onopen = () => onConnected(true);
    source.onerror = () => {
      onConnected(false);
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MS);
    };
  };
  const end = () => {
    clearTimeout(retry);
    source?.close();
  };
  const turn = () => {
    end();
    if (!document.hidden) connect();
  };
  turn();
  document.addEventListener('visibilitychange', turn);
  return () => {
    document.removeEventListener('visibilitychange', turn);
    end();
  };
}

/**
 * Returns a function that calls `reload` soon, at most once in a while, however often the function is called. It also calls `reload` each
 * 15 s. It does nothing while the page is hidden.
 */
export function useSoon(reload: () => void, atMostEachMs = AT_MOST_EACH_MS): () => void {
  const latest = useRef(reload);
  latest.current = reload;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const soon = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      if (!document.hidden) latest.current();
    }, atMostEachMs);
  }, [atMostEachMs]);
  useEffect(() => {
    const regular = setInterval(soon, AT_LEAST_EACH_MS);
    document.addEventListener('visibilitychange', soon);
    return () => {
      clearTimeout(timer.current);
      timer.current = undefined;
      clearInterval(regular);
      document.removeEventListener('visibilitychange', soon);
    };
  }, [soon]);
  return soon;
}

/**
 * Calls `reload` after events of these types, at most once a second, and each 15 s; not while the page is hidden. Each call is a
 * connection, of which a browser has few: one for a screen.
 * @param isMeant of which events: left out, of all
 */
export function useLive(
  store: string,
  types: readonly string[],
  reload: () => void,
  isMeant: (event: ConsoleEvent) => boolean = () => true,
): void {
  const soon = useSoon(reload);
  const latest = useRef(isMeant);
  latest.current = isMeant;
  useEffect(() => follow(store, types, (event) => latest.current(event) && soon()), [store, types.join(','), soon]);
}
