import { decodeLastRun } from './last-run.js';
import { readLast } from './open-stretches.js';

/** The last execution of a job that succeeded. */
export interface LastSuccess {
  /** Its fire time; for a requested run, the instant of the request. */
  readonly scheduledRunTime: Date;
  /** When it ended; null if that is not known, as other executions ended since and it shares its entry with others at equal distances. */
  readonly settledAt: Date | null;
}

/**
 * From what is kept under `last`, of any format. null if there was none, or other executions ended since and the job store is not in
 * format 3 (or was not yet, when it ended).
 */
export function lastSuccessOf(text: string | null): LastSuccess | null {
  if (text === null) return null;
  const run = decodeLastRun(text);
  if (run?.outcome === 'executed') return { scheduledRunTime: run.scheduledRunTime, settledAt: run.settledAt };
  const open = readLast(text)?.open;
  const ends = [open?.get('x'), open?.get('X')].flatMap((stretch) => {
    if (!stretch) return [];
    const { first, step, count, slowest } = stretch;
    const at = first + step * (count - 1);
    return [{ at, settledAt: count === 1 ? new Date(at + slowest) : null }];
  });
  const [last] = ends.sort((a, b) => b.at - a.at);
  return last ? { scheduledRunTime: new Date(last.at), settledAt: last.settledAt } : null;
}
