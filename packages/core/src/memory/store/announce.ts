import type { EventDraft } from '../../ports/event-draft.js';
import type { StoreState } from './state.js';

/** Publishes an event that reports no change in this store. */
export function announce(state: StoreState, { op, event }: { readonly op: string; readonly event: EventDraft }): void {
  const now = state.now();
  if (state.announced.get(op, now)) return;
  state.publish(now, event);
  state.announced.set(op, 'done', now);
}
