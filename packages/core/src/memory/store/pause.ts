import type { EventDraft } from '../../ports/event-draft.js';
import type { StoreState } from './state.js';

/** Stops all firing of a job store, or starts it again. */
export function pause(
  state: StoreState,
  { paused, event }: { readonly paused: boolean; readonly event: EventDraft },
): void {
  if (state.paused === paused) return;
  const now = state.now();
  state.paused = paused;
  state.publish(now, event);
  state.wake(now);
}
