import type { TaskCall } from '../cluster/tasks.js';
import type { Fault, Told } from './effect.js';
import type { Settled } from './settling.js';

/** Holds outcomes against what the tasks themselves recorded. */
export class Executions {
  readonly #fault: Fault;
  readonly #witness: { readonly calls: readonly TaskCall[] };

  constructor(fault: Fault, witness: { readonly calls: readonly TaskCall[] }) {
    this.#fault = fault;
    this.#witness = witness;
  }

  /** Calls beyond the first one for the same fire time. */
  get repeated(): number {
    const { calls } = this.#witness;
    return calls.length - new Set(calls.map(({ executionId }) => executionId)).size;
  }

  /** What is told of an execution is what the task did, in the process that settled it. */
  settled({ run, told, process }: Settled): void {
    const n = told.type === 'job_executed' ? (told.value as { readonly call?: number } | null)?.call : callOf(told);
    const call = this.#witness.calls[n ?? -1];
    const ended = told.type === 'job_executed' ? 'returned' : 'threw';
    const isSo =
      call?.executionId === told.executionId &&
      (told.type !== 'job_retrying' || call?.attempt === told.attempt) &&
      call?.process === process &&
      call.ended === ended &&
      call.play.n === run.policy.play.n &&
      call.task === run.policy.task;
    if (isSo) return;
    this.#fault(`${told.type} of ${told.executionId}: ${JSON.stringify(told)}, and the task: ${JSON.stringify(call)}`);
  }

  /** One start calls a task once at most. */
  end(): void {
    const calls = this.#witness.calls.map(({ executionId, attempt }) => `${executionId}, attempt ${attempt}`);
    const seen = new Set<string>();
    for (const call of calls) {
      if (seen.has(call)) this.#fault(`execution ${call}: called twice`);
      seen.add(call);
    }
  }
}

/** The call that an error tells of. */
function callOf({ error }: Told): number | undefined {
  const [, n] = /^call (\d+) threw$/.exec(error?.message ?? '') ?? [];
  return n === undefined ? undefined : Number(n);
}
