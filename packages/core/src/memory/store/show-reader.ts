import type { Formats } from '../../format.js';
import type { Showing } from '../../ports/contenders.js';
import { showReader as showMember } from './lib/readers.js';
import type { StoreState } from './state.js';

/** Stores which formats a member reads that is about to join. @throws FormatTooNewError if the member cannot be served */
export function showReader(
  state: StoreState,
  formats: Formats,
  { coordinatorId, aliveMs }: Pick<Showing, 'coordinatorId' | 'aliveMs'>,
): void {
  showMember(state, formats, `coordinator ${coordinatorId}`, aliveMs);
}
