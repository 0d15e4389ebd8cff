/** The outcome of the last settled execution of a job, and counts of its executions. */
export interface LastRun {
  readonly outcome: 'executed' | 'error' | 'cancelled';
  readonly scheduledRunTime: Date;
  readonly settledAt: Date;
  /** How many executions of the job succeeded, and how many failed, since it was added; cancelled ones count for neither. */
  readonly executed: number;
  readonly errors: number;
}

const OUTCOMES = { x: 'executed', e: 'error', c: 'cancelled' } as const;
/** The letters of executions, from format 2 on. */
export const OUTCOME_LETTERS = { executed: 'x', error: 'e', cancelled: 'c' } as const;

/** In format 1: outcome, fire time, instant, counts. */
const LONG = /^(executed|error|cancelled) (-?\d+) (\d+) (\d+) (\d+)$/;
/** From format 2 on: a letter for the outcome, fire time, how long after it, counts; from format 3 on with the open stretches. */
const SHORT = /^([xecXEC]) (-?\d+) (-?\d+)(?:,\S*)? (\d+) (\d+)$/;

/** As it is written in formats 1 and 2: ms. */
export function encodeLastRun(
  format: number,
  outcome: LastRun['outcome'],
  fireTime: number,
  settledAt: number,
  counts: { readonly executed: number; readonly errors: number },
): string {
  const how = format < 2 ? [outcome, fireTime, settledAt] : [OUTCOME_LETTERS[outcome], fireTime, settledAt - fireTime];
  return [...how, counts.executed, counts.errors].join(' ');
}

/** Reads its text, of any format. null if there is none, or it cannot be read. */
export function decodeLastRun(text: string | null): LastRun | null {
  if (text === null) return null;
  const long = LONG.exec(text);
  const match = long ?? SHORT.exec(text);
  if (!match) return null;
  const [, outcome = '', fireTime, settled, executed, errors] = match;
  return {
    outcome: long ? (outcome as LastRun['outcome']) : OUTCOMES[outcome.toLowerCase() as keyof typeof OUTCOMES],
    scheduledRunTime: new Date(Number(fireTime)),
    settledAt: new Date(Number(settled) + (long ? 0 : Number(fireTime))),
    executed: Number(executed),
    errors: Number(errors),
  };
}
