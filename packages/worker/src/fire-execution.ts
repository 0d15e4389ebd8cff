import type { BegunExecution, EndedExecution, ExecutionSpan, ObservedExecution } from '@carillon/core';
import type { Begun, Durations } from './durations.js';
import type { Outcome } from './executors/outcome.js';
import type { TaskCall, TaskRunner } from './executors/task-runner.js';
import type { Fire } from './fire.js';
import type { Hold } from './hold.js';
import type { MaybePromise } from './maybe-promise.js';
import { RunCalls, type StoreCall } from './run-calls.js';
import { RunExecution, type RunExecutionParts } from './run-execution.js';
import { attemptAt, executionIdOf } from './settlement.js';

export interface FireExecutionParts extends RunExecutionParts {
  /** Calls the job store for tasks. */
  readonly storeCall: StoreCall;
  readonly runner: TaskRunner;
  readonly durations: Durations;
}

/** Executes one fire time of a run: calls its task, and observes how long that takes and how it ends. */
export function executeFire(fire: Fire, hold: Hold, parts: FireExecutionParts): MaybePromise<Outcome> {
  const { payload } = fire;
  const { durations, instruments } = parts;
  const calls = new RunCalls(parts.storeCall);
  const begun = durations.begin();
  const facts = instruments && factsOf(fire, parts.jobStore, begun.at);
  const span = facts && instruments.executing(facts);
  const execution = new RunExecution(hold, fire, calls, parts, span);
  const { abort: stop, cancelled } = hold;
  return new FireExecution(fire, facts, begun, execution, span, parts).run({
    payload,
    execution,
    calls,
    stop,
    cancelled,
  });
}

/** Most tasks end at once, and have no promise and no function made for them. */
class FireExecution {
  readonly #fire: Fire;
  /** undefined if nothing observes it. */
  readonly #facts: BegunExecution | undefined;
  readonly #begun: Begun;
  readonly #execution: RunExecution;
  readonly #span: ExecutionSpan | undefined;
  readonly #parts: FireExecutionParts;

  constructor(
    fire: Fire,
    facts: BegunExecution | undefined,
    begun: Begun,
    execution: RunExecution,
    span: ExecutionSpan | undefined,
    parts: FireExecutionParts,
  ) {
    this.#fire = fire;
    this.#facts = facts;
    this.#begun = begun;
    this.#execution = execution;
    this.#span = span;
    this.#parts = parts;
  }

  run(call: TaskCall): MaybePromise<Outcome> {
    const { runner } = this.#parts;
    let answer: MaybePromise<Outcome>;
    try {
      answer = this.#span ? calledWithin(this.#span, runner, call) : runner.run(call);
    } catch (error) {
      throw this.#failed(error);
    }
    return answer instanceof Promise ? this.#later(answer) : this.#ended(answer);
  }

  #later(answer: Promise<Outcome>): Promise<Outcome> {
    const failed = (error: unknown) => {
      throw this.#failed(error);
    };
    return answer.then((outcome) => this.#ended(outcome), failed);
  }

  #over(): number {
    this.#execution.end();
    return this.#parts.durations.end(this.#begun);
  }

  #failed(error: unknown): unknown {
    this.#over();
    return error;
  }

  #ended(ended: Outcome): Outcome {
    const endedAt = this.#over();
    const { instruments } = this.#parts;
    const facts = this.#facts;
    if (facts && instruments?.observesExecutions) instruments.executed(observed(this.#fire, facts, endedAt, ended));
    const span = this.#span;
    if (span?.end) instruments?.ended(span, endOf(ended));
    return ended;
  }
}

/** A function of its own, so that nothing is kept for its closure if there is no span. */
function calledWithin(span: ExecutionSpan, runner: TaskRunner, call: TaskCall): MaybePromise<Outcome> {
  return span.within(() => runner.run(call));
}

/** What telemetry gets of an execution, for its trace and its metrics alike. */
function factsOf({ run, payload, index }: Fire, jobStore: string, startedAt: number): BegunExecution {
  const { runId, jobId, executor, fires } = run;
  const { task, trace } = payload;
  return {
    jobStore,
    executor,
    task,
    runId,
    executionId: executionIdOf(runId, index),
    jobId,
    attempt: attemptAt(run, index),
    scheduledRunTime: new Date(fires[index]?.fireTime ?? Number.NaN),
    startedAt,
    trace,
  };
}

function observed(
  { run: { fires }, index, queuedAt }: Fire,
  { jobStore, executor, task, attempt, startedAt }: BegunExecution,
  endedAt: number,
  { outcome }: Outcome,
): ObservedExecution {
  return {
    jobStore,
    executor,
    task,
    attempt,
    dueAt: fires[index]?.dueAt ?? startedAt,
    queuedAt: index === 0 ? queuedAt : null,
    startedAt,
    endedAt,
    outcome,
  };
}

function endOf(ended: Outcome): EndedExecution {
  return { outcome: ended.outcome, error: ended.outcome === 'error' ? ended.error : undefined };
}
