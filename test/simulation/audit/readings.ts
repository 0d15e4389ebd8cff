import type { RunReading, SubmitParams } from '@carillon/core/internal';
import type { Asked } from '../operations/intent.js';
import type { Note } from './acts.js';
import type { Effect, Fault } from './effect.js';
import type { RunEnd } from './instances.js';
import type { Runs } from './runs.js';

/** The state of a run as `getRun` must report it; undefined if the run is not known. */
type View = 'waiting' | 'scheduled' | 'queued' | 'running' | 'retrying' | RunEnd | undefined;

/** Errors that `RunHandle.result` rejects with, by how a run ended. */
const CODES: Readonly<Record<RunEnd, string | null>> = {
  executed: null,
  error: 'RUN_FAILED',
  missed: 'RUN_MISSED',
  cancelled: 'RUN_CANCELLED',
  max_instances: 'MAX_INSTANCES',
};

/** A caller that waits for a run hears of its end within this, ms, even if messages are lost. */
const HEARD_MS = 3_000;

/** Compares what is known of runs, and their results, with what was settled. */
export class Readings {
  readonly #fault: Fault;
  readonly #note: Note;
  readonly #runs: Runs;
  readonly #wasStruck: (process: string, since: number) => boolean;
  readonly #views = new Map<Asked, View[]>();
  /** By asking: its run, or the one that opened the window, and when that was known. */
  readonly #submitted = new Map<Asked, { readonly runId: string; readonly at: number }>();

  constructor(fault: Fault, note: Note, runs: Runs, wasStruck: (process: string, since: number) => boolean) {
    this.#fault = fault;
    this.#note = note;
    this.#runs = runs;
    this.#wasStruck = wasStruck;
  }

  submitted({ params, answer, asked, at }: Effect): void {
    const { duplicateOf } = answer as { readonly duplicateOf?: string };
    if (asked) this.#submitted.set(asked, { runId: duplicateOf ?? (params as SubmitParams).run.runId, at });
  }

  read({ params, answer, asked, at }: Effect): void {
    for (const [index, runId] of (params as readonly string[]).entries()) {
      const view = this.#viewOf(runId, at);
      if (asked) this.#views.set(asked, [...(this.#views.get(asked) ?? []), view]);
      this.#compare(runId, view, (answer as readonly RunReading[])[index]);
    }
  }

  /** Checks the list of a job's runs whose ends are known. */
  listed({ params, answer }: Effect): void {
    const { jobId, limit } = params as { readonly jobId: string; readonly limit: number };
    const expected = this.#runs.history(jobId).slice(0, limit);
    if (JSON.stringify(answer) !== JSON.stringify(expected))
      this.#fault(`of job ${jobId} the runs ${answer} are known, which should be ${expected}`);
  }

  /** Whether the result of an asking is right at an instant; null if other checks decide. `value`: what it returned. */
  ended(asked: Asked, code: string | null, value: unknown, at: number): boolean | null {
    const { intent } = asked;
    if (intent.kind === 'get') return code === null && (this.#views.get(asked) ?? []).includes(value as View);
    const { runId, at: askedAt = at } = this.#submitted.get(asked) ?? {};
    if (intent.kind === 'run' && code === 'MAX_INSTANCES' && runId !== undefined)
      return this.#runs.ends.get(runId)?.how === 'max_instances';
    const isForResult = (intent.kind === 'run' || intent.kind === 'enqueue') && intent.waitMs !== undefined;
    if (!isForResult || runId === undefined) return null;
    const end = this.#runs.ends.get(runId);
    if (code === 'RESULT_TIMEOUT') {
      // The run of a window may have ended long before: its caller begins to read when it asks.
      return !end || at - Math.max(end.at, askedAt) < HEARD_MS || this.#wasStruck(asked.process, end.at);
    }
    if (!end) return false;
    // More runs of its job have ended since than the job's history keeps.
    if (code === 'RUN_NOT_FOUND') return !end.isKept;
    this.#note('result asked for');
    const last = end.outcomes.at(-1);
    const expected = last?.error?.code === 'RUN_TIMEOUT' ? 'RUN_TIMEOUT' : CODES[end.how];
    return code === expected && (code !== null || JSON.stringify(value) === JSON.stringify(last?.value));
  }

  #viewOf(runId: string, at: number): View {
    const run = this.#runs.owed.get(runId);
    const end = this.#runs.ends.get(runId);
    if (!run) return end?.isKept ? end.how : undefined;
    if (run.waits) return 'waiting';
    if (run.token !== null) return 'running';
    if ((run.outboxAt ?? at) <= at) return 'queued';
    return run.failures === 0 ? 'scheduled' : 'retrying';
  }

  #compare(runId: string, view: View, reading: RunReading | undefined): void {
    const run = this.#runs.owed.get(runId);
    const known = run ?? this.#runs.ends.get(runId);
    const outcomes = known?.isKept ? known.outcomes : [];
    const is = [reading?.live?.state, reading?.live?.run.cancelled, reading?.live?.run.tries];
    const expected = run ? [view, run.cancelled, run.failures] : [undefined, undefined, undefined];
    if (JSON.stringify(is) !== JSON.stringify(expected))
      this.#fault(`run ${runId} is ${is}, and should be ${expected}`);
    const reported = (reading?.outcomes ?? []).map((message) => ({ ...JSON.parse(message) }));
    if (JSON.stringify(reported) !== JSON.stringify(outcomes))
      this.#fault(
        `of run ${runId} ${JSON.stringify(reported)} is kept, and was reported as ${JSON.stringify(outcomes)}`,
      );
  }
}
