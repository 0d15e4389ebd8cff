import type { Span, StoreTimeline, Term } from './store-timeline.js';

/** Returns the spans that overlap a period of time. */
export function within<T extends Span>(spans: readonly T[], from: number, to: number): readonly T[] {
  return spans.filter((span) => span.from <= to && (span.to ?? Number.POSITIVE_INFINITY) >= from);
}

/** A time in which no coordinator led. If a leader ended silently and did not show when it last led, the gap is one instant: the next election. */
export interface Leaderless extends Span {
  /** The term that ended before; null if no coordinator is known to have led. */
  readonly after: Term | null;
}

export function leaderless(
  { terms, speaksFrom, isWhole }: StoreTimeline,
  from: number,
  to: number,
): readonly Leaderless[] {
  const gaps = terms.flatMap((term, index): Leaderless[] => {
    const next = terms[index + 1];
    if (term.to === null || term.end === null) return [];
    return [{ from: term.to, to: next?.from ?? null, after: term }];
  });
  const [first] = terms;
  // An account begins with a leader. If no other was elected since, this leader's term has not ended.
  const before: Leaderless[] =
    !isWhole || !first || first.from <= speaksFrom ? [] : [{ from: speaksFrom, to: first.from, after: null }];
  return within([...before, ...gaps], from, to);
}

/** A time in which no worker is known to have served an executor. */
export interface Unserved extends Span {
  /** A worker that was there and may have served it, which is not recorded. null if there was no such worker. */
  readonly perhaps: string | null;
}

/** Returns these times within a period. */
export function unserved(store: StoreTimeline, executor: string, from: number, to: number): readonly Unserved[] {
  const { services, servedBefore, speaksFrom, isWhole } = store;
  const ofExecutor = services.filter((one) => one.executor === executor).sort((one, other) => one.from - other.from);
  const [first] = ofExecutor;
  if (!isWhole && !first) return [];
  const spans: Unserved[] = [];
  const add = (span: { readonly from: number; readonly to: number }) => {
    const until = Math.min(span.to, servedBefore?.to ?? span.from);
    if (servedBefore && until > span.from) spans.push({ from: span.from, to: until, perhaps: servedBefore.workerId });
    const known = Math.max(span.from, until);
    if (span.to > known) spans.push({ from: known, to: span.to, perhaps: null });
  };
  let at = Math.max(from, isWhole ? speaksFrom : (first?.from ?? from));
  for (const service of ofExecutor) {
    if (service.from > to) break;
    if (service.from > at) add({ from: at, to: service.from });
    at = Math.max(at, service.to ?? Number.POSITIVE_INFINITY);
  }
  if (at < to) add({ from: at, to });
  return spans;
}
