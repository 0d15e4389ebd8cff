import type { StoreTimeline } from './store-timeline.js';

/**
 * The history of a job store as a whole, newest first. The account of the store keeps the last 10,000 of these events, for the age of the
 * coordinator's `account`, which is 90 days by default.
 */
export interface StoreHistory {
  readonly jobStore: string;
  /** The instant from which on events are recorded; null if nothing is recorded. */
  readonly speaksFrom: Date | null;
  readonly terms: readonly RecordedTerm[];
  readonly workers: readonly RecordedService[];
  readonly pauses: readonly RecordedPause[];
}

/** The term of a leader. */
export interface RecordedTerm {
  readonly coordinatorId: string;
  readonly epoch: number;
  readonly from: Date;
  /** null if it has not ended. */
  readonly to: Date | null;
  /** `shutdown`, `handed_over`, `lease_lost`; `silent`: another coordinator was elected before this one published an end. null if it has not ended. */
  readonly end: 'shutdown' | 'lease_lost' | 'handed_over' | 'silent' | null;
}

/** A worker that served an executor. */
export interface RecordedService {
  readonly workerId: string;
  readonly executor: string;
  readonly from: Date;
  readonly to: Date | null;
  /** `stopped`, `lost`, `removed`; `silent`: it joined again without having left. null if it has not ended. */
  readonly end: 'stopped' | 'lost' | 'silent' | 'removed' | null;
}

/** A period in which all firing was stopped. */
export interface RecordedPause {
  readonly from: Date;
  readonly to: Date | null;
  readonly actor: string | null;
  readonly reason: string | null;
}

/** Returns the newest terms, workers and pauses, at most `limit` of each. */
export function storeHistoryOf(
  jobStore: string,
  { terms, services, pauses, speaksFrom }: StoreTimeline,
  limit: number,
): StoreHistory {
  return {
    jobStore,
    speaksFrom: Number.isFinite(speaksFrom) ? new Date(speaksFrom) : null,
    terms: newest(terms.filter(isNamed), limit),
    workers: newest(services, limit),
    pauses: newest(pauses, limit),
  };
}

function isNamed<T extends { readonly coordinatorId: string | null }>(
  term: T,
): term is T & { readonly coordinatorId: string } {
  return term.coordinatorId !== null;
}

/** The newest spans whose beginning is known. */
function newest<T extends { readonly from: number; readonly to: number | null }>(spans: readonly T[], limit: number) {
  const last = spans
    .filter(({ from }) => Number.isFinite(from))
    .slice(-limit)
    .toReversed();
  return last.map((span) => ({ ...span, from: new Date(span.from), to: span.to === null ? null : new Date(span.to) }));
}
