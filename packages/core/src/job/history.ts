import type { NewRun } from '../ports/ledger.js';

/** Of how many of a job's runs the outcomes are kept, and how long. */
export interface HistoryPolicy {
  readonly perJob: number;
  readonly ageMs: number;
}

export const DEFAULT_HISTORY: HistoryPolicy = { perJob: 100, ageMs: 7 * 86_400_000 };

/** Who asked for a run wants to know what became of it. */
const ASKED_FOR_MS = 3_600_000;

/** What is kept of a run that somebody asked for. */
export function keptForAsker(
  history: { readonly ageMs: number; readonly perJob?: number | undefined } | null,
): NonNullable<NewRun['history']> {
  return { ageMs: Math.max(history?.ageMs ?? 0, ASKED_FOR_MS), perJob: history?.perJob ?? null };
}
