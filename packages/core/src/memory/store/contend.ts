import type { Seen, Showing, Shown } from '../../ports/contenders.js';
import type { StoreState } from './state.js';

/** Shows that a coordinator contends. Who has been silent for too long is forgotten. */
export function contend(state: StoreState, { aliveMs, born, emptied, ...showing }: Showing): Seen {
  const now = state.upkeepNow();
  if (state.born === null) {
    state.born = String(now);
    if (born !== null) state.publish(now, emptied);
  }
  state.coordinators.set(showing.coordinatorId, { ...showing, aliveUntil: now + Math.ceil(aliveMs) });
  const isLed = state.lock !== null && state.lock.expiresAt > now;
  const shown: Shown[] = [];
  for (const { coordinatorId, number, leads, epoch, aliveUntil } of state.coordinators.values()) {
    if (aliveUntil <= now) state.coordinators.delete(coordinatorId);
    else shown.push({ coordinatorId, number, leads, isLeader: isLed && epoch !== null && epoch === state.epoch });
  }
  return { born: state.born, coordinators: shown };
}
