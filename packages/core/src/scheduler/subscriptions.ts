import type { EventType } from '../event/events.js';
import type { EventBus, Unsubscribe } from '../ports/event-bus.js';

export interface Subscribed {
  readonly ends: readonly Unsubscribe[];
  /** Why some of the types are not subscribed to; those that are, are in `ends` anyway. */
  readonly failed: PromiseRejectedResult | undefined;
}

/** Subscribes to the events of each of these types. Never rejects: what came of it has to be ended in each case. */
export async function subscribeToEach(
  bus: EventBus,
  types: readonly EventType[],
  onMessage: (message: string, type: EventType) => void,
): Promise<Subscribed> {
  const subscribed = await Promise.allSettled(
    types.map((type) => bus.subscribe(`events:${type}`, (message) => onMessage(message, type))),
  );
  const ends = subscribed.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  return { ends, failed: subscribed.find((one) => one.status === 'rejected') };
}

/** Never rejects: what cannot be ended goes with its connection. */
export async function endEach(ends: readonly Unsubscribe[]): Promise<void> {
  await Promise.allSettled(ends.map((end) => end()));
}
