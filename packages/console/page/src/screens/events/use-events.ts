import { useEffect, useRef, useState } from 'preact/hooks';
import { call, inStore, queryOf } from '../../api/client';
import { follow } from '../../api/live';
import type { ConsoleEvent, EventPage } from '../../api/types';
import { type Loaded, useLoad } from '../../api/use-load';
import { typesOf } from './groups';
import { joined, MOST_KEPT } from './tail';

/** The least time between two drawings, however many events arrive. */
const DRAW_EACH_MS = 250;
const PAGE = 200;
const MOST_PAGES = 10;

export interface EventFilter {
  /** A group of types, or a type. */
  readonly types: string;
  readonly job: string;
  readonly task: string;
  readonly run: string;
}

export interface Tail {
  readonly past: Loaded<readonly ConsoleEvent[]>;
  /** Newest first. */
  readonly events: readonly ConsoleEvent[];
  /** How many came while it was paused, and are not shown yet. */
  readonly waiting: number;
  /** Whether what happens now is shown. */
  readonly isLive: boolean;
}

/** The events that a filter lets through: those of the log, then live. While it is paused, what comes waits. */
export function useEvents(store: string, filter: EventFilter, isPaused: boolean): Tail {
  const key = JSON.stringify([store, filter]);
  const past = useLoad(key, (signal) => load(store, filter, signal));
  const [state, setState] = useState<{ key: string; events: readonly ConsoleEvent[] }>({ key, events: [] });
  const [waiting, setWaiting] = useState(0);
  const [isLive, setLive] = useState(false);
  const paused = useRef(isPaused);
  const came = useRef<ConsoleEvent[]>([]);
  const draw = useRef<() => void>(() => {});
  paused.current = isPaused;
  const start = past.data;
  useEffect(() => {
    if (start === null) return;
    setState({ key, events: start });
    setWaiting(0);
    came.current = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    draw.current = () => {
      timer = undefined;
      if (paused.current) {
        setWaiting(came.current.length);
        return;
      }
      const fresh = came.current.splice(0);
      setWaiting(0);
      if (fresh.length > 0) setState((old) => ({ key, events: joined(old.events, fresh) }));
    };
    const onEvent = (event: ConsoleEvent) => {
      if (!isMeant(event, filter)) return;
      came.current.push(event);
      if (came.current.length > MOST_KEPT) came.current.shift();
      timer ??= setTimeout(() => draw.current(), DRAW_EACH_MS);
    };
    const unfollow = follow(store, typesOf(filter.types), onEvent, start[0]?.eventId, setLive);
    return () => {
      unfollow();
      clearTimeout(timer);
    };
  }, [key, start]);
  useEffect(() => {
    if (!isPaused) draw.current();
  }, [isPaused]);
  return { past, events: state.key === key ? state.events : [], waiting, isLive };
}

async function load(store: string, filter: EventFilter, signal: AbortSignal): Promise<readonly ConsoleEvent[]> {
  const { types, ...others } = filter;
  const found: ConsoleEvent[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES && found.length < PAGE; pages++) {
    const query = queryOf({ ...others, types: typesOf(types).join(','), limit: PAGE, cursor });
    const page: EventPage = await call<EventPage>(`${inStore(store, 'events')}${query}`, { signal });
    found.push(...page.events);
    cursor = page.cursor;
    if (cursor === null) break;
  }
  return found;
}

/** The stream filters by type; the rest is filtered here, as the API does for the past. */
function isMeant(event: ConsoleEvent, { job, task, run }: EventFilter): boolean {
  if (job !== '' && event.jobId !== job) return false;
  const { task: its } = event;
  if (task !== '' && its !== task) return false;
  return run === '' || event.runId === run;
}
