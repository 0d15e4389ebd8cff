import type { Execution, LiveRunInfo, Run } from '@carillon/core';
import { table } from '../table.js';

const MAX_LENGTH = 100;

/** A run for people, a line for each thing there is to know. */
export function runInFull(run: Run): string {
  const rows = [
    ['run', run.runId],
    ['job', run.jobId ?? 'none: it was enqueued'],
    ['job store', run.jobStore],
    ['task', run.task],
    ['executor', run.executor],
    ...(run.retryOf === null ? [] : [['in place of', run.retryOf]]),
    ['state', stateOf(run)],
    ...run.scheduledRunTimes.map((time) => ['scheduled for', time.toISOString()]),
    ...(isLive(run) ? liveRows(run) : [['ended', run.settledAt.toISOString()]]),
    ...(run.missed ? [['missed', `${run.missed.first.toISOString()} to ${run.missed.last.toISOString()}`]] : []),
    ...run.executions.map((execution) => [execution.outcome, outcomeInShort(execution)]),
  ];
  return table(['', ''], rows).trimStart();
}

export function runsAsTable(runs: readonly Run[]): string {
  const rows = runs.map((run) => [
    run.runId,
    stateOf(run),
    run.scheduledRunTimes.at(-1)?.toISOString() ?? '-',
    isLive(run) ? '-' : run.settledAt.toISOString(),
    lastOutcome(run),
  ]);
  return table(['RUN', 'STATE', 'SCHEDULED FOR', 'ENDED', 'OUTCOME'], rows);
}

function isLive(run: Run): run is LiveRunInfo {
  return !('settledAt' in run);
}

function stateOf(run: Run): string {
  return isLive(run) && run.cancelling ? `${run.state}, is being cancelled` : run.state;
}

function liveRows({ attempt, retryAt, progress }: LiveRunInfo): string[][] {
  return [
    ['attempt', String(attempt)],
    ...(retryAt ? [['tried again at', retryAt.toISOString()]] : []),
    ...(progress === null ? [] : [['progress', shortened(JSON.stringify(progress))]]),
  ];
}

function lastOutcome({ executions }: Run): string {
  const last = executions.at(-1);
  return last ? outcomeInShort(last) : '-';
}

function outcomeInShort(execution: Execution): string {
  if (execution.outcome === 'executed') return shortened(JSON.stringify(execution.value) ?? 'null');
  if (execution.outcome === 'error') return shortened(`${execution.error.name}: ${execution.error.message}`);
  return 'cancelled';
}

function shortened(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
