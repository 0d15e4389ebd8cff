interface TermSpan {
  readonly epoch: number;
  readonly coordinatorId: string;
  readonly from: string;
  readonly to: string | null;
  readonly end: string | null;
}

export interface Term extends Omit<TermSpan, 'from'> {
  /** null if the account of the job store does not go back so far. */
  readonly from: string | null;
  /** How long there was no leader before it, ms; null if not known. */
  readonly gapMs: number | null;
}

interface Leader {
  readonly epoch: number;
  readonly coordinatorId: string;
}

/**
 * Terms, newest first, each with how long there was no leader before it.
 * @param leader who leads: the account may have begun during that term; null if no coordinator does
 */
export function termRows(terms: readonly TermSpan[], leader: Leader | null): readonly Term[] {
  const rows = terms.map((term, place) => {
    const ended = terms[place + 1]?.to ?? null;
    return { ...term, gapMs: ended === null ? null : Math.max(0, Date.parse(term.from) - Date.parse(ended)) };
  });
  if (leader === null || terms.some(({ epoch }) => epoch === leader.epoch)) return rows;
  return [{ ...leader, from: null, to: null, end: null, gapMs: null }, ...rows];
}
