import type { Asked } from '../operations/intent.js';
import type { Effect, Fault } from './effect.js';
import type { Runs } from './runs.js';

/** The runs that an asking is to cancel, and the answers to cancelling them. */
interface Tried {
  readonly listed: Set<string>;
  readonly answers: string[];
}

/** Compares the answers to callers that cancel runs with how the runs ended. */
export class Cancels {
  readonly #fault: Fault;
  readonly #runs: Runs;
  readonly #tried = new Map<Asked, Tried>();

  constructor(fault: Fault, runs: Runs) {
    this.#fault = fault;
    this.#runs = runs;
  }

  /** Notes the runs that are owed when a job is read to be removed: none of them may stay. */
  read({ asked }: Effect): void {
    if (asked?.intent.kind !== 'remove with runs') return;
    const { id } = asked.intent;
    for (const run of this.#runs.owed.values()) if (run.jobId === id) this.#of(asked).listed.add(run.id);
  }

  /** Checks a page of the runs that are owed of a job: here all fit into one. */
  listed({ params, answer, asked }: Effect): void {
    const { jobId } = params as { readonly jobId: string };
    const expected = [...this.#runs.owed.values()].filter((run) => run.jobId === jobId).map(({ id }) => id);
    const { runIds } = answer as { readonly runIds: readonly string[] };
    if ([...runIds].sort().join() !== [...expected].sort().join())
      this.#fault(`job ${jobId} is owed the runs ${expected}, and listed were ${runIds}`);
    for (const runId of asked ? expected : []) this.#of(asked).listed.add(runId);
  }

  cancelled({ answer, asked }: Effect): void {
    if (!asked) this.#fault('runs were cancelled, and no call had asked for that');
    this.#of(asked).answers.push(...(answer as readonly string[]));
  }

  /** Whether the result of an asking is right; null if other checks decide. */
  ended(asked: Asked, code: string | null): boolean | null {
    const { intent } = asked;
    const { listed, answers } = this.#of(asked);
    const isDone = answers.some((answer) => answer !== 'unknown');
    if (intent.kind === 'cancel') {
      const end = this.#runs.ends.get(intent.runId)?.how;
      return code === null ? isDone || end === 'cancelled' : code === 'RUN_NOT_FOUND' && answers.includes('unknown');
    }
    if (intent.kind !== 'remove with runs') return null;
    const left = [...listed].filter((runId) => this.#runs.owed.get(runId)?.cancelled === false);
    if (code === null && left.length > 0) this.#fault(`asking ${asked.n}: the runs ${left} were not cancelled`);
    return code === null && isDone ? true : null;
  }

  #of(asked: Asked | null): Tried {
    const tried = (asked && this.#tried.get(asked)) ?? { listed: new Set(), answers: [] };
    if (asked) this.#tried.set(asked, tried);
    return tried;
  }
}
