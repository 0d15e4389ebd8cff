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

export type Kind = (typeof KINDS)[number];

const CODES: Readonly<Record<string, Kind>> = {
  executed: 'executed',
  error: 'failed',
  missed: 'missed',
  max_instances: 'skipped',
  coalesced: 'coalesced',
  cancelled: 'cancelled',
  waiting: 'waiting',
  store_paused: 'waiting',
  will_fire: 'to come',
};

/** A run that began so much later than its fire was due counts as late, ms. */
const LATE_MS = 5_000;

/** What is known of a fire time, as explanations of a period have it. */
export interface Told {
  readonly instant: string;
  readonly code: string;
  readonly evidence: unknown;
}

interface Lateness {
  readonly planningMs?: number | null;
  readonly queueMs?: number | null;
}

/** null: it is no fire time. */
export function kindOf({ code, evidence }: Told): Kind | null {
  const kind = Object.hasOwn(CODES, code) ? (CODES[code] ?? null) : null;
  if (kind !== 'executed') return kind;
  const { lateness } = (evidence ?? {}) as { readonly lateness?: Lateness };
  const late = (lateness?.planningMs ?? 0) + (lateness?.queueMs ?? 0);
  return late > LATE_MS ? 'late' : 'executed';
}

export interface Period {
  /** ms since 1970. */
  readonly from: number;
  readonly to: number;
  readonly cells: number;
}

export interface Cell {
  readonly kind: Kind;
  readonly count: number;
}

/** The cells of a period, each with the worst of its fire times and how many there are; undefined: none. */
export function cellsOf(told: readonly Told[], { from, to, cells }: Period): readonly (Cell | undefined)[] {
  const found: (Cell | undefined)[] = Array.from({ length: cells });
  for (const one of told) {
    const kind = kindOf(one);
    const place = Math.floor(((Date.parse(one.instant) - from) * cells) / (to - from));
    if (kind === null || place < 0 || place >= cells) continue;
    const old = found[place];
    const worst = old && KINDS.indexOf(old.kind) < KINDS.indexOf(kind) ? old.kind : kind;
    found[place] = { kind: worst, count: (old?.count ?? 0) + 1 };
  }
  return found;
}

/** `12 executed, 1 failed`. */
export function summaryOf(told: readonly Told[]): string {
  const counts = new Map<Kind, number>();
  for (const one of told) {
    const kind = kindOf(one);
    if (kind !== null) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const parts = KINDS.filter((kind) => counts.has(kind)).map((kind) => `${counts.get(kind)} ${kind}`);
  return parts.join(', ') || 'no fire times';
}

/**
 * The cells in which the clock of a zone is changed.
 * @param offsetAt how far the clock is from UTC at an instant (ms since 1970), in any form that differs where the offset does
 */
export function clockChanges({ from, to, cells }: Period, offsetAt: (at: number) => string): readonly number[] {
  const changed: number[] = [];
  let before = offsetAt(from);
  for (let place = 0; place < cells; place++) {
    const after = offsetAt(from + ((place + 1) * (to - from)) / cells);
    if (after !== before) changed.push(place);
    before = after;
  }
  return changed;
}
