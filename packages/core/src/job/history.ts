import type { NewRun } from '../ports/ledger.js';

/** Of how many of a job's runs the outcomes are kept, and how long. */
export interface HistoryPolicy {
  readonly perJob: number;
  readonly ageMs: number;
}

export const DEFAULT_HISTORY: HistoryPolicy = { perJob: 100, ageMs: 7 * 86_400_000 };

/** How long, and of how many runs, the outcomes of a requested run are kept; null: as usual. */
export type AskedHistory = { readonly ageMs: number; readonly perJob?: number | undefined } | 'none' | null;

/** The caller that asked for a run wants to know its outcome. */
const ASKED_FOR_MS = 3_600_000;

/** What is kept of a run that a caller asked for. */
export function keptForAsker(history: AskedHistory): NewRun['history'] {
  if (history === 'none') return null;
  return { ageMs: history?.ageMs ?? ASKED_FOR_MS, perJob: history?.perJob ?? null };
}
