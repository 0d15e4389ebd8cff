import { InvalidJobError } from '../errors.js';
import type { JobMatch } from '../ports/job-match.js';
import type { JobRecords } from '../ports/job-records.js';

/** The position of a job in the list of jobs. */
export interface ListPosition {
  readonly id: string;
  /** ms; null if it is paused. */
  readonly dueAt: number | null;
}

const INSTANTS_AT_ONCE = 2_000;

/** Returns the jobs after a position, in the order of the list, if they match the wanted state and due instant. */
export async function positionsOf(
  records: Pick<JobRecords, 'dueInstants'>,
  ids: readonly string[],
  { state, dueBefore }: JobMatch,
  after: ListPosition | null,
): Promise<readonly ListPosition[]> {
  const positions: ListPosition[] = [];
  for (let from = 0; from < ids.length; from += INSTANTS_AT_ONCE) {
    const part = ids.slice(from, from + INSTANTS_AT_ONCE);
    const instants = await records.dueInstants(part);
    for (const [at, id] of part.entries()) {
      const dueAt = instants[at] ?? null;
      if (state === 'scheduled' ? dueAt === null : state === 'paused' && dueAt !== null) continue;
      if (dueBefore !== null && (dueAt === null || dueAt >= dueBefore)) continue;
      if (!after || compare(after, { id, dueAt }) < 0) positions.push({ id, dueAt });
    }
  }
  return positions.sort(compare);
}

/** Compares by due instant, paused jobs last; jobs of one instant by id. */
function compare(one: ListPosition, other: ListPosition): number {
  const [first, second] = [one.dueAt ?? Number.POSITIVE_INFINITY, other.dueAt ?? Number.POSITIVE_INFINITY];
  if (first !== second) return first < second ? -1 : 1;
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}

const SIGN = 'found.';

/** Whether a cursor is from a page of an index, and not from a page of the store. */
export const isOfIndex = (cursor: string | null): cursor is string => cursor?.startsWith(SIGN) ?? false;

export const cursorAfter = ({ dueAt, id }: ListPosition): string =>
  SIGN + Buffer.from(JSON.stringify([dueAt, id])).toString('base64url');

/** @throws InvalidJobError if no page gave this cursor. */
export function positionOfCursor(cursor: string): ListPosition {
  try {
    const [dueAt, id] = JSON.parse(Buffer.from(cursor.slice(SIGN.length), 'base64url').toString()) as unknown[];
    if ((dueAt === null || typeof dueAt === 'number') && typeof id === 'string') return { dueAt, id };
  } catch {
    // It is not a cursor; the error follows.
  }
  throw new InvalidJobError(`cursor: ${JSON.stringify(cursor)} is not one that getJobs gave`);
}
