import type { Formats } from '../../format.js';
import type { Seen, Showing, Shown } from '../../ports/contenders.js';
import { setLimits } from './lib/bounded.js';
import { raiseFormat, showReader } from './lib/readers.js';
import type { StoreState } from './state.js';

/**
 * Shows that a coordinator contends, and which formats it reads. Forgets coordinators that have been silent for too long. If the caller is the
 * leader, sets the format.
 */
export function contend(
  state: StoreState,
  formats: Formats,
  { aliveMs, born, account = null, emptied, ...showing }: Showing,
): Seen {
  const now = state.upkeepNow();
  showReader(state, formats, `coordinator ${showing.coordinatorId}`, aliveMs);
  if (state.born === null) {
    state.born = String(now);
    if (born !== null) state.publish(now, emptied);
  }
  state.coordinators.set(showing.coordinatorId, { ...showing, aliveUntil: now + Math.ceil(aliveMs) });
  const isLed = state.lock !== null && state.lock.expiresAt > now;
  if (isLed && showing.epoch !== null && showing.epoch === state.epoch) {
    raiseFormat(state, formats);
    setLimits(state.accounts, '', account);
    state.led = { epoch: state.epoch, at: state.now() };
  }
  const shown: Shown[] = [];
  for (const { coordinatorId, number, leads, epoch, aliveUntil } of state.coordinators.values()) {
    if (aliveUntil <= now) state.coordinators.delete(coordinatorId);
    else shown.push({ coordinatorId, number, leads, isLeader: isLed && epoch !== null && epoch === state.epoch });
  }
  return { born: state.born, coordinators: shown };
}
