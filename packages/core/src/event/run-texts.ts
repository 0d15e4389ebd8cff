import { inOnePiece } from '../in-one-piece.js';
import type { NewRun, RunLabel, Settlement } from '../ports/ledger.js';
import { moreMembers } from './draft.js';

// What a backend publishes of runs that callers bring or settle, as members of a JSON object without its braces. What a store decides by itself
// (a start, a miss, a lost worker) its script and its twin put together. A run has several events, and there may be thousands
// of runs a second: so the texts are put together from their parts, which takes half as long as `JSON.stringify` of an object.

/** What every event reports of a run; the executor only where it is not `default`. */
export function labelText(jobStore: string, { runId, jobId, task, executor, retryOf }: RunLabel): string {
  const named = `"jobStore":${text(jobStore)},"jobId":${text(jobId)},"runId":${text(runId)},"task":${text(task)}`;
  if (executor === 'default' && retryOf === undefined) return inOnePiece(named);
  return inOnePiece(named + moreMembers({ executor: executor === 'default' ? undefined : executor, retryOf }));
}

/** What only `job_submitted` and `job_max_instances` report. */
export function submissionText({
  fires,
  coalesced,
  asked,
  by,
}: Pick<NewRun, 'fires' | 'coalesced' | 'asked' | 'by'>): string {
  const fireTimes = fires.length === 1 ? fires[0]?.fireTime : fires.map(({ fireTime }) => fireTime).join(',');
  const range = coalesced ? `{"first":${coalesced.first},"last":${coalesced.last}}` : 'null';
  return `"scheduledRunTimes":[${fireTimes}],"coalesced":${range}${asked || by ? moreMembers({ asked, ...by }) : ''}`;
}

/** What every event of an execution reports. */
export function executionText(label: string, runId: string, index: number, fireTime: number): string {
  return `${label},"executionId":"${runId}.${index}","scheduledRunTime":${fireTime}`;
}

/** What the event of a settlement reports. A value is JSON already. */
export function settlementText(jobStore: string, settlement: Settlement): string {
  const { run, index, fireTime } = settlement;
  const label = run.label ?? labelText(jobStore, run);
  const execution = executionText(label, run.runId, index, fireTime);
  switch (settlement.outcome) {
    case 'executed':
      return `${execution},"value":${settlement.value}`;
    case 'cancelled':
      return execution;
    case 'error':
      return execution + moreMembers({ error: settlement.error });
    case 'retry':
      return execution + moreMembers({ attempt: settlement.attempt, error: settlement.error });
  }
}

function text(value: string | null): string {
  return JSON.stringify(value);
}
