/**
 * A format is a whole number: how a job store is written, all kinds of its records together. The key `format` has the one in which all write:
 * the highest that all living coordinators and workers read. Clients do not count. See docs/decisions/0013-a-format-that-can-change.md.
 */
export interface Formats {
  /** The lowest that is read, and written where a living member reads no higher. */
  readonly oldest: number;
  /** The highest that is read. */
  readonly newest: number;
}

/**
 * What this release reads and writes.
 *
 * - 1: the first
 * - 2: the last outcome of a job (`last`) is shorter, by 18 bytes or so for each job
 * - 3: what one call publishes is one entry of the log, in place of one for each event; what was of a job and of a job store is kept
 *   (`account:<job>`, `account`), and `last` also has the job's open stretches
 */
export const FORMATS: Formats = { oldest: 1, newest: 3 };

/** The format of a job store, and the lowest that all of its newer members still write. */
export interface StoreFormat {
  readonly format: number;
  readonly lowest: number;
}

/** The format after a member has joined: it is lowered to what the member reads, as far as the others still write that. */
export function lowered({ format, lowest }: StoreFormat, { newest }: Formats): StoreFormat {
  return { format: newest < format && newest >= lowest ? newest : format, lowest };
}

/** The format that a leader of these formats sets beside these living members, itself among them. */
export function raised(own: Formats, living: readonly Formats[]): StoreFormat {
  const least = Math.min(own.newest, ...living.map(({ newest }) => newest));
  const lowest = Math.max(own.oldest, ...living.map(({ oldest }) => oldest).filter((oldest) => oldest <= own.newest));
  return { format: Math.max(least, lowest), lowest };
}

/** After how long a silent worker does not count among those that read a format, ms. */
export const WORKER_ALIVE_MS = 30_000;
