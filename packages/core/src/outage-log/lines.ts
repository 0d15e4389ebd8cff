/** How often it is said that Redis is still not reached, ms. */
const SAID_EVERY_MS = 10_000;
/** The most losses within `SAID_EVERY_MS`: after more, Redis counts as back only once it has been reached for as long as that. */
const MOST_LOSSES = 3;
/** How long no call may fail before Redis counts as back, ms, where calls failed though no connection was down. */
const DOUBTFUL_MS = 2_000;
/** What fails so soon after Redis is back, ms, had begun before. */
export const AFTERMATH_MS = 1_000;

/** A time in which Redis is not reached, or not for long enough. */
interface LoggedOutage {
  readonly since: number;
  readonly cause: string;
  /** When the last line of it was due. */
  readonly saidAt: number;
  /** Since when every connection stands again; null if one does not. */
  readonly reachedAt: number | null;
  /** Known from calls that failed, and not from a connection. */
  readonly isDoubtful: boolean;
}

/** What is remembered of the outages of one Redis. */
export interface OutageRecord {
  readonly outage: LoggedOutage | null;
  /** When the last one ended. */
  readonly backAt: number;
  /** When Redis was lost lately. */
  readonly lostAt: readonly number[];
}

export const NO_OUTAGE: OutageRecord = { outage: null, backAt: Number.NEGATIVE_INFINITY, lostAt: [] };

/**
 * What is known at an instant, ms. `down`: a connection cannot be made, or is given up. `unsure`: one is missing at the moment, or is asked
 * for a sign of life. `up`: every connection is open. `failed`: none is down, and a call that needs Redis failed anyway.
 */
export type OutageFact = Loss | { readonly kind: 'unsure' | 'up'; readonly at: number };

interface Loss {
  readonly kind: 'down' | 'failed';
  readonly at: number;
  readonly cause: string;
}

/** What the log is to say. */
export type OutageLine =
  | { readonly kind: 'redis_lost'; readonly cause: string }
  | { readonly kind: 'redis_gone'; readonly cause: string; readonly goneMs: number }
  | { readonly kind: 'redis_back'; readonly goneMs: number };

export interface Judgement {
  readonly record: OutageRecord;
  readonly line?: OutageLine;
  /** When the facts are to be judged again, if nothing comes sooner. */
  readonly judgeAgainAt?: number;
}

/** Decides what the log says of one Redis: once that it is lost, every 10 s that it is gone, once that it is back. */
export function judge(record: OutageRecord, fact: OutageFact): Judgement {
  const { outage, backAt } = record;
  if (outage) return judgeOutage(record, afterFact(outage, fact), fact.at);
  if (!('cause' in fact)) return { record };
  if (fact.kind === 'failed' && fact.at - backAt < AFTERMATH_MS) return { record };
  return begin(record, fact);
}

function begin(record: OutageRecord, { kind, at, cause }: Loss): Judgement {
  const isDoubtful = kind === 'failed';
  const outage = { since: at, cause, saidAt: at, reachedAt: isDoubtful ? at : null, isDoubtful };
  const lostAt = [...record.lostAt.filter((lost) => at - lost < SAID_EVERY_MS), at];
  return {
    record: { ...record, outage, lostAt },
    line: { kind: 'redis_lost', cause },
    judgeAgainAt: at + (isDoubtful ? DOUBTFUL_MS : SAID_EVERY_MS),
  };
}

function afterFact(outage: LoggedOutage, fact: OutageFact): LoggedOutage {
  switch (fact.kind) {
    case 'down':
      return { ...outage, cause: fact.cause, reachedAt: null, isDoubtful: false };
    case 'failed':
      return { ...outage, reachedAt: fact.at, isDoubtful: true };
    case 'unsure':
      return { ...outage, reachedAt: null };
    case 'up':
      return { ...outage, reachedAt: outage.reachedAt ?? fact.at };
  }
}

function judgeOutage(record: OutageRecord, outage: LoggedOutage, at: number): Judgement {
  const { since, cause, reachedAt } = outage;
  const endsAt = reachedAt === null ? Number.POSITIVE_INFINITY : reachedAt + steadyMs(record, outage);
  if (reachedAt !== null && at >= endsAt) {
    const line = { kind: 'redis_back', goneMs: Math.round(reachedAt - since) } as const;
    return { record: { ...record, outage: null, backAt: at }, line };
  }
  const dueAt = outage.saidAt + SAID_EVERY_MS;
  const isDue = at >= dueAt;
  // Of a process that slept, one line.
  const whenDue = at < dueAt + SAID_EVERY_MS ? dueAt : at;
  const saidAt = isDue ? whenDue : outage.saidAt;
  return {
    record: { ...record, outage: { ...outage, saidAt } },
    ...(isDue && { line: { kind: 'redis_gone', cause, goneMs: Math.round(at - since) } }),
    judgeAgainAt: Math.min(endsAt, saidAt + SAID_EVERY_MS),
  };
}

/** For how long Redis is to be reached before it counts as back. */
function steadyMs({ lostAt }: OutageRecord, { isDoubtful, since }: LoggedOutage): number {
  if (lostAt.filter((lost) => since - lost < SAID_EVERY_MS).length >= MOST_LOSSES) return SAID_EVERY_MS;
  return isDoubtful ? DOUBTFUL_MS : 0;
}
