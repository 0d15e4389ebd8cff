import { ContentionError } from '../errors.js';
import type { Chance } from '../ports/chance.js';
import type { DedupeWindow, JobRecords, SubmitOutcome } from '../ports/job-records.js';
import type { NewRun } from '../ports/ledger.js';

/** How often a run is entered, if each call reaches the store more than 10 s after its clock was read. */
const MOST_CALLS = 3;

interface Entry {
  readonly runId: string;
  readonly outcome: Exclude<SubmitOutcome, 'stale' | object>;
  /** Whether the window of its key is of a run that was entered before. */
  readonly isDuplicate: boolean;
}

/**
 * Enters a run. If the reply was lost and the connection was gone for more than a minute, the store does not execute the repeated call:
 * the run may be over. Then the run is looked up; only if the store has nothing of it, another one is entered.
 * @param readAt when the store's clock was read, ms
 * @param newRun returns the run, with an id of its own each time
 * @throws ContentionError if each call takes more than 10 s
 */
export async function enterRun(
  { records, chance }: { readonly records: JobRecords; readonly chance: Chance },
  {
    readAt,
    dedupe,
    newRun,
  }: { readAt: number; readonly dedupe?: DedupeWindow | undefined; readonly newRun: () => NewRun },
): Promise<Entry> {
  const entered = new Set<string>();
  let clock = readAt;
  for (let calls = 0; calls < MOST_CALLS; calls++) {
    const run = newRun();
    const { runId } = run;
    entered.add(runId);
    const outcome = await records.submit({ op: chance.id(), run, readAt: clock, dedupe });
    if (typeof outcome === 'object') {
      const { duplicateOf } = outcome;
      return { runId: duplicateOf, outcome: 'submitted', isDuplicate: !entered.has(duplicateOf) };
    }
    if (outcome !== 'stale') return { runId, outcome, isDuplicate: false };
    const [reading] = await records.runs([runId]);
    const isKnown = reading && (reading.live !== null || reading.outcomes.length > 0 || reading.retriedAs !== null);
    if (isKnown) return { runId, outcome: 'submitted', isDuplicate: false };
    clock = (await records.read([])).now;
  }
  throw new ContentionError(`the run was not entered: ${MOST_CALLS} calls took longer than 10 s each; try again`);
}
