import type { LedgerRun, NewRun } from '../ports/ledger.js';

/**
 * A run's record in the ledger, three lines: a header that scripts read and write, what events tell of the run, and JSON
 * that is opaque to them. The header: delivery id, token, starts, losses, done, grace, executor, fires, job id; `-` and, for
 * the job id, nothing where there is none. A fire is its fire time and how much later it was due.
 */
export function encodeRun(run: NewRun): string {
  const fires = run.fires.map(({ fireTime, dueAt }) => `${fireTime}+${dueAt - fireTime}`).join(',');
  return `- - 0 0 0 ${run.graceMs ?? '-'} ${run.executor} ${fires} ${run.jobId ?? ''}\n${run.label}\n${run.json}`;
}

const HEADER = /^(\S+) (\S+) (\d+) (\d+) (\d+) (\S+) (\S+) (\S+) ([^\n]*)\n([^\n]*)\n([\s\S]*)$/;

/** The run of a record, or null if this is none. */
export function decodeRun(runId: string, record: string): LedgerRun | null {
  const match = HEADER.exec(record);
  if (!match) return null;
  const [, , , starts, , done, , executor, fires, jobId, label, json] = match;
  if (!executor || !fires || label === undefined || json === undefined) return null;
  return {
    runId,
    jobId: jobId || null,
    executor,
    fires: fires.split(',').map((fire) => {
      const [fireTime = Number.NaN, delay = Number.NaN] = fire.split('+').map(Number);
      return { fireTime, dueAt: fireTime + delay };
    }),
    done: Number(done),
    starts: Number(starts),
    label,
    json,
  };
}
