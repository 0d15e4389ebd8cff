import { decodeRecorded, type Recorded } from './recorded.js';

/** The open stretches of a job, and how much of them cannot be read. */
export interface OpenStretches {
  readonly recorded: readonly Recorded[];
  readonly unreadable: readonly string[];
}

/** What the last execution of a job packs, in format 1 and later. */
const LAST_PARTS = 5;

/** The open stretches behind the packed outcome of a job's last execution (or behind `-`). */
export function openStretches(last: string | null): OpenStretches {
  const parts = (last ?? '').split(' ').filter((part) => part !== '');
  const texts = parts.slice(parts[0] === '-' ? 1 : LAST_PARTS);
  const decoded = texts.map((text) => ({ text, recorded: decodeRecorded(text) }));
  return {
    recorded: decoded.flatMap(({ recorded }) => recorded ?? []),
    unreadable: decoded.filter(({ recorded }) => !recorded).map(({ text }) => text),
  };
}
