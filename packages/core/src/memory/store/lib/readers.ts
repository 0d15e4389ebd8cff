import { FormatTooNewError } from '../../../errors.js';
import { type Formats, lowered, raised, type StoreFormat } from '../../../format.js';
import type { StoreState } from '../state.js';

/** Writes the format. Notes from when on all members have written the account. */
function writeFormat(state: StoreState, format: StoreFormat): void {
  const isKept = (state.format?.format ?? 0) >= 3;
  if (format.format >= 3 && !isKept) state.accounts.from = state.now();
  if (format.format < 3) state.accounts.from = null;
  state.format = format;
}

/**
 * Stores which formats a member reads, until it no longer counts as alive. Lowers the format to those, if the newer releases can still write it.
 * @throws FormatTooNewError if the member still cannot be served
 */
export function showReader(state: StoreState, formats: Formats, member: string, aliveMs: number): void {
  const { oldest, newest } = formats;
  state.readers.set(member, { oldest, newest, aliveUntil: state.upkeepNow() + Math.ceil(aliveMs) });
  writeFormat(state, lowered(state.format ?? { format: oldest, lowest: oldest }, formats));
  const format = state.format?.format ?? oldest;
  if (format > newest) throw new FormatTooNewError(state.alias, format, newest);
}

/** Writes the highest format that the caller, a leader, and all living members read. */
export function raiseFormat(state: StoreState, own: Formats): void {
  const now = state.upkeepNow();
  for (const [member, { aliveUntil }] of state.readers) if (aliveUntil <= now) state.readers.delete(member);
  writeFormat(state, raised(own, [...state.readers.values()]));
}
