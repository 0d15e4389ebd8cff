/** What the last settled execution of a job came to, and how many there were. */
export interface LastRun {
  readonly outcome: 'executed' | 'error' | 'cancelled';
  readonly scheduledRunTime: Date;
  readonly settledAt: Date;
  /** How many executions of the job ended well, or in an error, since it was added; cancelled ones are neither. */
  readonly executed: number;
  readonly errors: number;
}

const PACKED = /^(executed|error|cancelled) (-?\d+) (\d+) (\d+) (\d+)$/;

/** From its packed form: outcome, fire time, instant, counts. null where there is none, or none that can be read. */
export function decodeLastRun(packed: string | null): LastRun | null {
  const match = PACKED.exec(packed ?? '');
  if (!match) return null;
  const [, outcome = '', fireTime, settledAt, executed, errors] = match;
  return {
    outcome: outcome as LastRun['outcome'],
    scheduledRunTime: new Date(Number(fireTime)),
    settledAt: new Date(Number(settledAt)),
    executed: Number(executed),
    errors: Number(errors),
  };
}
