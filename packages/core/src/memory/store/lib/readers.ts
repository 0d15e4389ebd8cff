import { FormatTooNewError } from '../../../errors.js';
import { type Formats, lowered, raised } from '../../../format.js';
import type { StoreState } from '../state.js';

/**
 * Shows what a member reads, for as long as it is taken for alive. The format is lowered to that, as far as newer ones still write it.
 * @throws FormatTooNewError where the member is not served all the same
 */
export function showReader(state: StoreState, formats: Formats, member: string, aliveMs: number): void {
  const { oldest, newest } = formats;
  state.readers.set(member, { oldest, newest, aliveUntil: state.upkeepNow() + Math.ceil(aliveMs) });
  state.format = lowered(state.format ?? { format: oldest, lowest: oldest }, formats);
  if (state.format.format > newest) throw new FormatTooNewError(state.alias, state.format.format, newest);
}

/** Writes the highest format that the caller, a leader, and all living members read. */
export function raiseFormat(state: StoreState, own: Formats): void {
  const now = state.upkeepNow();
  for (const [member, { aliveUntil }] of state.readers) if (aliveUntil <= now) state.readers.delete(member);
  state.format = raised(own, [...state.readers.values()]);
}
