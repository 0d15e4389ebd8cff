import type { TaskCall } from '../cluster/tasks.js';
import type { Fault, Reported } from './effect.js';
import type { Settled } from './settling.js';

interface Witness {
  readonly calls: readonly TaskCall[];
  /** Whether the worker in a process has not got a task. */
  lacks(process: string, task: string): boolean;
}

/** Compares outcomes with the calls that the tasks recorded. */
export class Executions {
  readonly #fault: Fault;
  /** How often each execution was retried. */
  readonly #retried = new Map<string, number>();
  readonly #witness: Witness;

  constructor(fault: Fault, witness: Witness) {
    this.#fault = fault;
    this.#witness = witness;
  }

  /** Calls without the first for each fire time and without its retries. */
  get repeated(): number {
    const counts = new Map<string, number>();
    for (const { executionId } of this.#witness.calls) counts.set(executionId, (counts.get(executionId) ?? 0) + 1);
    const beyond = [...counts].map(([id, count]) => Math.max(0, count - 1 - (this.#retried.get(id) ?? 0)));
    return beyond.reduce((sum, count) => sum + count, 0);
  }

  /** Checks that an event reports what the task did, in the process that settled it and in time. */
  settled(settled: Settled): void {
    const { run, reported } = settled;
    const id = reported.executionId ?? '';
    if (reported.type === 'job_retrying') this.#retried.set(id, (this.#retried.get(id) ?? 0) + 1);
    // No task was called.
    if (reported.error?.code === 'UNKNOWN_TASK' && this.#witness.lacks(settled.process, run.policy.task)) return;
    const isTimeout = reported.error?.code === 'RUN_TIMEOUT';
    const call = isTimeout ? this.#stoppedCall(settled) : this.#witness.calls[numberOf(reported) ?? -1];
    const isSo = call && isCallOf(call, settled) && (isTimeout ? isTooLong(call, settled) : isInTime(call, settled));
    if (isSo) return;
    const limit = `its timeout is ${run.policy.timeoutMs}`;
    this.#fault(
      `${reported.type} of ${id}: ${JSON.stringify(reported)}, and the task: ${JSON.stringify(call)}; ${limit}`,
    );
  }

  #stoppedCall(settled: Settled): TaskCall | undefined {
    const isIt = (call: TaskCall) => isCallOf(call, settled) && isTooLong(call, settled);
    return this.#witness.calls.findLast(isIt);
  }

  /** One start calls a task at most once. */
  end(): void {
    const calls = this.#witness.calls.map(({ executionId, attempt }) => `${executionId}, attempt ${attempt}`);
    const seen = new Set<string>();
    for (const call of calls) {
      if (seen.has(call)) this.#fault(`execution ${call}: called twice`);
      seen.add(call);
    }
  }
}

function isCallOf(call: TaskCall, { run, reported, attempt, process }: Settled): boolean {
  return (
    call.executionId === reported.executionId &&
    // A late repeat of a start gives the run back to the worker that began it, as another start.
    call.attempt <= attempt &&
    (reported.type !== 'job_retrying' || reported.attempt === call.attempt) &&
    call.process === process &&
    call.play.n === run.policy.play.n &&
    call.task === run.policy.task
  );
}

/** Whether the call ended as the event reports, within its timeout. */
function isInTime(call: TaskCall, { run, reported }: Settled): boolean {
  const ended = reported.type === 'job_executed' ? 'returned' : 'threw';
  return call.ended === ended && call.ms <= (run.policy.timeoutMs ?? Number.POSITIVE_INFINITY);
}

/** Whether the timeout stopped the call, and not too early. Instants of the store are whole ms. */
function isTooLong(call: TaskCall, { run, reported }: Settled): boolean {
  const { timeoutMs } = run.policy;
  return timeoutMs !== null && call.ms >= timeoutMs && reported.at + 1 > call.startedAt + timeoutMs;
}

/** The call that an outcome names. */
function numberOf({ type, value, error }: Reported): number | undefined {
  if (type === 'job_executed') return (value as { readonly call?: number } | null)?.call;
  const [, n] = /^call (\d+) threw$/.exec(error?.message ?? '') ?? [];
  return n === undefined ? undefined : Number(n);
}
