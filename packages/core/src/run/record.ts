import { hash } from 'node:crypto';
import type { LedgerRun, NewRun } from '../ports/ledger.js';

/**
 * A run is stored in two parts. Its state, which scripts read and change (`lua/lib/record.lua`), has four lines: what changes,
 * what never does, what all its events say of the run, and what the events of its submission say besides. The first line: version,
 * the sum of all that follows, delivery id, token, starts, losses, tries, done, cancel. The second line: grace, max instances,
 * overlap, executor, priority, history, fires, job id. `-` is there, and for the job id nothing, where there is none. A fire is its
 * fire time and how much later it was due; the history is an age, and the count per job where there is one. Its body is what the
 * worker needs: version, sum, and JSON with named members, which no script reads.
 */
export const FORMAT = 1;

/** Eight hexadecimal digits: whether a text is as it was written. */
function sumOf(text: string): string {
  return hash('sha1', text, 'hex').slice(0, 8);
}

export function encodeState(run: NewRun): string {
  const fires = run.fires.map(({ fireTime, dueAt }) => `${fireTime}+${dueAt - fireTime}`).join(',');
  const policy = `${run.graceMs ?? '-'} ${run.maxInstances} ${run.overlap} ${run.executor} ${run.priority}`;
  const fixed = `${policy} ${historyText(run.history)} ${fires} ${run.jobId ?? ''}\n${run.label}\n${run.submission}`;
  const text = `- - 0 0 0 0 -\n${fixed}`;
  return `${FORMAT} ${sumOf(text)} ${text}`;
}

export function encodeBody({ json }: Pick<NewRun, 'json'>): string {
  return `${FORMAT} ${sumOf(json)} ${json}`;
}

function historyText(history: NewRun['history']): string {
  if (!history) return '-';
  return history.perJob === null ? String(history.ageMs) : `${history.ageMs}/${history.perJob}`;
}

const STATE =
  /^1 [\da-f]{8} (\S+) (\S+) (\d+) (\d+) (\d+) (\d+) ([-c])\n(-|\d+) (\d+) (skip|queue|replace) (\S+) (\d+) (\S+) (-?\d+\+\d+(?:,-?\d+\+\d+)*) ([^\n]*)\n([^\n]*)\n([^\n]*)$/;
const BODY = /^1 ([\da-f]{8}) ([\s\S]*)$/;

/** A run of its parts, or null where these are none. One whose body cannot be read has none: its `json` is ''. */
export function decodeRun(runId: string, state: string, body: string): LedgerRun | null {
  const match = STATE.exec(state);
  if (!match) return null;
  const [, , , starts, , tries, done, cancel, , , , executor, , , fires, jobId, label] = match;
  if (!executor || !fires || label === undefined) return null;
  return {
    runId,
    jobId: jobId || null,
    executor,
    fires: fires.split(',').map(fireOf),
    done: Number(done),
    starts: Number(starts),
    tries: Number(tries),
    cancelled: cancel === 'c',
    label,
    json: decodeBody(body),
  };
}

function fireOf(text: string): LedgerRun['fires'][number] {
  const at = text.indexOf('+', 1);
  const fireTime = Number(text.slice(0, at));
  return { fireTime, dueAt: fireTime + Number(text.slice(at + 1)) };
}

function decodeBody(body: string): string {
  const [, sum, json = ''] = BODY.exec(body) ?? [];
  return sumOf(json) === sum ? json : '';
}
