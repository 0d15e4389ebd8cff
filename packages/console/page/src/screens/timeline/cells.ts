/** What a cell can show, the worst first: of several in one cell, the worst gives its colour. */
export const KINDS = [
  'failed',
  'missed',
  'skipped',
  'late',
  'cancelled',
  'waiting',
  'coalesced',
  'executed',
  'to come',
] as const;

type Kind = (typeof KINDS)[number];

type Code = 'executed' | 'error' | 'cancelled' | 'max_instances' | 'missed' | 'coalesced' | 'waiting' | 'will_fire';

/** What the API has of the fire times in one cell. */
interface Bucket {
  readonly at: string;
  readonly counts: readonly {
    readonly code: Code;
    readonly count: number;
    readonly first: string;
    readonly settledWithinMs: number | null;
  }[];
  readonly estimated: boolean;
}

const KIND_OF: Readonly<Record<Code, Kind>> = {
  executed: 'executed',
  error: 'failed',
  missed: 'missed',
  max_instances: 'skipped',
  coalesced: 'coalesced',
  cancelled: 'cancelled',
  waiting: 'waiting',
  will_fire: 'to come',
};

/** A run that began this much later than its fire was due counts as late, ms. */
const LATE_MS = 5_000;

export interface Period {
  /** ms since 1970. */
  readonly from: number;
  readonly to: number;
  readonly cells: number;
}

export interface Cell {
  /** The worst of its fire times. */
  readonly kind: Kind;
  /** The first fire time of that kind, ms since 1970. */
  readonly first: number;
  /** `40 executed, 3 failed`. */
  readonly summary: string;
}

/** Fire times of one kind. */
interface Part {
  readonly kind: Kind;
  readonly count: number;
  readonly first: number;
}

/**
 * The cells of a period, undefined where nothing is.
 * @param late the fire times of runs that began late, ms since 1970
 */
export function cellsOf(
  buckets: readonly Bucket[],
  late: readonly number[],
  period: Period,
): readonly (Cell | undefined)[] {
  const { cells } = period;
  const found: (Cell | undefined)[] = Array.from({ length: cells });
  for (const bucket of buckets) {
    const place = placeOf(Date.parse(bucket.at), period);
    const parts = partsOf(
      bucket,
      late.filter((at) => placeOf(at, period) === place),
    );
    const [worst] = parts;
    if (!worst || place < 0 || place >= cells) continue;
    const summary = `${bucket.estimated ? 'about ' : ''}${textOf(parts)}`;
    found[place] = { kind: worst.kind, first: worst.first, summary };
  }
  return found;
}

/** In which cell an instant lies, ms since 1970. */
export function placeOf(at: number, { from, to, cells }: Period): number {
  return Math.floor(((at - from) * cells) / (to - from));
}

/** `1 failed, 12 executed`: of all buckets. */
export function summaryOf(buckets: readonly Bucket[], late: readonly number[]): string {
  const totals = new Map<Kind, Part>();
  for (const part of buckets.flatMap((bucket) => partsOf(bucket, []))) add(totals, part);
  return textOf(split([...totals.values()], late)) || 'no fire times';
}

/** The worst kind first. */
function partsOf({ counts }: Bucket, late: readonly number[]): readonly Part[] {
  const parts = counts.map(({ code, count, first }) => ({ kind: KIND_OF[code], count, first: Date.parse(first) }));
  return split(parts, late);
}

/** Those that were late are a kind of their own. */
function split(parts: readonly Part[], late: readonly number[]): readonly Part[] {
  const [first = 0] = late;
  const all = late.length === 0 ? parts : [...parts, { kind: 'late' as const, count: late.length, first }];
  return all
    .map((part) => (part.kind === 'executed' ? { ...part, count: part.count - late.length } : part))
    .filter(({ count }) => count > 0)
    .sort((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind));
}

function add(totals: Map<Kind, Part>, part: Part): void {
  const { kind } = part;
  totals.set(kind, { ...part, count: (totals.get(kind)?.count ?? 0) + part.count });
}

function textOf(parts: readonly Part[]): string {
  return parts.map(({ kind, count }) => `${count} ${kind}`).join(', ');
}

/** What is known of a fire time, as explanations of a period have it. */
export interface Explained {
  readonly instant: string;
  readonly code: string;
  readonly evidence: unknown;
}

interface Lateness {
  readonly planningMs?: number | null;
  readonly queueMs?: number | null;
}

/** Whether its run began late. */
export function isLate({ code, evidence }: Explained): boolean {
  const { lateness } = (evidence ?? {}) as { readonly lateness?: Lateness };
  return code === 'executed' && (lateness?.planningMs ?? 0) + (lateness?.queueMs ?? 0) > LATE_MS;
}

/**
 * The newest buckets that may hold late runs, as many as are to be looked at one by one: some run of theirs was settled long after its
 * fire time. null if there are none.
 */
export function slowPeriod(
  { buckets, bucketMs }: { readonly buckets: readonly Bucket[]; readonly bucketMs: number },
  most: number,
): { readonly from: number; readonly to: number } | null {
  let [begin, end, looked] = [0, 0, 0];
  for (const { at, counts } of buckets.toReversed()) {
    const isSlow = counts.some(({ code, settledWithinMs }) => code === 'executed' && (settledWithinMs ?? 0) > LATE_MS);
    if (end === 0 && !isSlow) continue;
    looked += counts.reduce((sum, { count }) => sum + count, 0);
    if (looked > most) break;
    if (!isSlow) continue;
    begin = Date.parse(at);
    end ||= begin + bucketMs - 1;
  }
  return end === 0 ? null : { from: begin, to: end };
}
