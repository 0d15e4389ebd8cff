import type { LedgerRun, NewRun } from '../ports/ledger.js';

/**
 * A run's record in the ledger, four lines: a header that scripts read and write (`lua/lib/record.lua`), what events tell of the
 * run, what the events of its submission tell besides, and JSON that is opaque to them. The header: delivery id, token, starts,
 * losses, tries, done, cancel, grace, max instances, overlap, executor, priority, history, fires, job id; `-` and, for the job
 * id, nothing where there is none. A fire is its fire time and how much later it was due; the history is an age, and the count
 * per job where there is one.
 */
export function encodeRun(run: NewRun): string {
  const fires = run.fires.map(({ fireTime, dueAt }) => `${fireTime}+${dueAt - fireTime}`).join(',');
  const fresh = '- - 0 0 0 0 -';
  const policy = `${run.graceMs ?? '-'} ${run.maxInstances} ${run.overlap} ${run.executor} ${run.priority}`;
  const header = `${fresh} ${policy} ${historyText(run.history)} ${fires} ${run.jobId ?? ''}`;
  return `${header}\n${run.label}\n${run.submission}\n${run.json}`;
}

function historyText(history: NewRun['history']): string {
  if (!history) return '-';
  return history.perJob === null ? String(history.ageMs) : `${history.ageMs}/${history.perJob}`;
}

const HEADER =
  /^(\S+) (\S+) (\d+) (\d+) (\d+) (\d+) ([-c]) (-|\d+) (\d+) (skip|queue|replace) (\S+) (\d+) (\S+) (-?\d+\+\d+(?:,-?\d+\+\d+)*) ([^\n]*)\n([^\n]*)\n([^\n]*)\n([\s\S]*)$/;

/** The run of a record, or null if this is none. */
export function decodeRun(runId: string, record: string): LedgerRun | null {
  const match = HEADER.exec(record);
  if (!match) return null;
  const [, , , starts, , tries, done, cancel, , , , executor, , , fires, jobId, label, , json] = match;
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
    tries: Number(tries),
    cancelled: cancel === 'c',
    label,
    json,
  };
}
