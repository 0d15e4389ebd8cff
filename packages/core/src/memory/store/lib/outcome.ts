import { executionText } from '../../../event/run-texts.js';
import { FORMATS } from '../../../format.js';
import { encodeLastRun, OUTCOME_LETTERS } from '../../../job/last-run.js';
import type { StretchLetter } from '../../../job/open-stretches.js';
import type { EventText, Message } from '../../message.js';
import type { StoreState } from '../state.js';
import { note, noteExecution, noteLate } from './account.js';
import { accountLimitsOf } from './bounded.js';
import type { RunRecord } from './record.js';

export type Outcome = 'executed' | 'error' | 'cancelled';

/** An outcome of executions that no worker settles. */
export type Verdict =
  | { readonly outcome: 'cancelled'; readonly by?: string }
  | { readonly outcome: 'error'; readonly error: string };

/** Publishes an event of a run. Keeps its message if the run keeps its outcomes. */
export function publishKept(state: StoreState, run: RunRecord, event: EventText, now: number): Message {
  const message = state.publishText(now, event);
  const { runId, history } = run;
  if (history) state.histories.keep(runId, history.ageMs, message.text, now);
  return message;
}

/** Adds a run that is over to its job's history, and removes what is too much there. */
export function remember(state: StoreState, run: RunRecord, now: number): void {
  state.histories.end(run, now);
}

/** Stores the last outcome of a job, and counts its outcomes. */
function count(state: StoreState, run: RunRecord, outcome: Outcome, fireTime: number, now: number): void {
  const { jobId } = run;
  if (jobId === null) return;
  const letter = letterOf(run, OUTCOME_LETTERS[outcome]);
  if (!state.jobs.has(jobId)) {
    noteLate(state, jobId, letter, fireTime, now);
    return;
  }
  const { format } = state.format ?? { format: FORMATS.oldest };
  if (format >= 3) {
    noteExecution(state, jobId, letter, fireTime, now);
    return;
  }
  const [, executed = '0', errors = '0'] = /(\d+) (\d+)$/.exec(state.last.get(jobId) ?? '') ?? [];
  const counts = {
    executed: Number(executed) + Number(outcome === 'executed'),
    errors: Number(errors) + Number(outcome === 'error'),
  };
  state.last.set(jobId, encodeLastRun(format, outcome, fireTime, now, counts));
}

/** The letter of an outcome; a capital where a caller asked for the run. */
function letterOf(run: RunRecord, letter: 'x' | 'e' | 'c' | 'i' | 'm'): StretchLetter {
  return run.asked ? (letter.toUpperCase() as Uppercase<typeof letter>) : letter;
}

/** Accounts for the fire times of a run that result in no execution, from one index to another. */
export function noteFires(
  state: StoreState,
  run: RunRecord,
  letter: 'i' | 'm',
  [from, to]: readonly [from: number, to?: number],
  now: number,
): void {
  for (const { fireTime } of run.fires.slice(from, to)) note(state, run.jobId, letterOf(run, letter), fireTime, now);
}

/** Keeps a failure: its event without the stack, and what is needed to run it again. */
function noteFailure(state: StoreState, run: RunRecord, message: string, now: number): void {
  const stack = message.indexOf(',"stack":"');
  const { ageMs } = accountLimitsOf(state.accounts, '');
  state.failures.append(stack < 0 ? message : `${message.slice(0, stack)}}}`, run, now, ageMs);
}

/** Settles one fire time of a run. Its event is published with this body, kept, and counted for the job. */
export function settleFire(
  state: StoreState,
  run: RunRecord,
  index: number,
  { outcome, body, now }: { readonly outcome: Outcome; readonly body: EventText['body']; readonly now: number },
): void {
  const message = publishKept(state, run, { type: `job_${outcome}`, body }, now);
  if (outcome === 'error') noteFailure(state, run, message.text, now);
  count(state, run, outcome, run.fires[index]?.fireTime ?? 0, now);
}

/** Stores who asked for the cancellation of a started run, as members of the event that reports its end. */
export function noteAsker(state: StoreState, { runId }: RunRecord, by: string, now: number): void {
  if (by !== '') state.askers.set(runId, by, now);
}

/** Returns these members, and removes them. */
function askerOf(state: StoreState, { runId }: RunRecord, now: number): string {
  const asker = state.askers.get(runId, now) ?? '';
  state.askers.delete(runId);
  return asker;
}

/** Settles every fire time from this index on with the same outcome. */
export function settleRest(state: StoreState, run: RunRecord, from: number, verdict: Verdict, now: number): void {
  const by = verdict.outcome === 'cancelled' && run.cancelled ? askerOf(state, run, now) : null;
  const more = verdict.outcome === 'error' ? `,"error":${verdict.error}` : (by ?? verdict.by ?? '');
  for (const [index, { fireTime }] of run.fires.entries()) {
    if (index < from) continue;
    const body = `${executionText(run.label, run.runId, index, fireTime)}${more}`;
    settleFire(state, run, index, { outcome: verdict.outcome, body, now });
  }
}
