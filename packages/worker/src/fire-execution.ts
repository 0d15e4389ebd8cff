import type { ExecutionSpan } from '@carillon/core';
import type { LedgerRun, RunPayload } from '@carillon/core/internal';
import type { Durations } from './durations.js';
import type { ExecutionFacts } from './execution-facts.js';
import type { Outcome } from './executors/outcome.js';
import type { TaskRunner } from './executors/task-runner.js';
import type { Hold } from './hold.js';
import { calledThen, type MaybePromise } from './maybe-promise.js';
import { RunCalls, type StoreCall } from './run-calls.js';
import { RunExecution, type RunExecutionParts } from './run-execution.js';
import { attemptAt, executionIdOf } from './settlement.js';

export interface FireExecutionParts extends RunExecutionParts {
  readonly jobStore: string;
  /** What tasks ask of the job store. */
  readonly storeCall: StoreCall;
  readonly runner: TaskRunner;
  readonly durations: Durations;
}

/** A fire time that is to be executed. */
export interface Fire {
  readonly run: LedgerRun;
  readonly payload: RunPayload;
  /** Which one of the run it is. */
  readonly index: number;
  /** When its delivery was queued, ms; null if not known. */
  readonly queuedAt: number | null;
}

/** Executes one fire time of a run: calls its task, and observes how long that takes and how it ends. */
export function executeFire(fire: Fire, hold: Hold, parts: FireExecutionParts): MaybePromise<Outcome> {
  const { payload } = fire;
  const { runner, durations, storeCall, instruments } = parts;
  const calls = new RunCalls(storeCall);
  const facts = factsOf(fire, parts.jobStore);
  const span = spanOf(facts, fire, parts);
  const execution = new RunExecution(hold, facts, payload, calls, parts, span);
  const { abort: stop, cancelled } = hold;
  const begun = durations.begin();
  const call = { payload, execution, calls, stop, cancelled };
  const over = () => {
    execution.end();
    durations.end(begun);
  };
  const answer = calledThen(span ? () => span.within(() => runner.run(call)) : () => runner.run(call), over);
  const isObserved = span?.end !== undefined || instruments?.observesExecutions;
  return isObserved ? observed(answer, fire, begun.at, span, parts) : answer;
}

function factsOf({ run, index }: Fire, jobStore: string) {
  const { runId, jobId, fires } = run;
  const scheduledRunTime = new Date(fires[index]?.fireTime ?? Number.NaN);
  return {
    runId,
    executionId: executionIdOf(runId, index),
    jobId,
    jobStore,
    scheduledRunTime,
    attempt: attemptAt(run, index),
  };
}

function spanOf(
  facts: ExecutionFacts,
  { run: { executor }, payload: { task, trace } }: Fire,
  { instruments }: FireExecutionParts,
): ExecutionSpan | undefined {
  if (!instruments?.tracesExecutions) return undefined;
  const { jobStore, runId, executionId, jobId, attempt, scheduledRunTime } = facts;
  // Named one by one: a copy of all that an instance has takes several microseconds, for each run.
  return instruments.executing({
    jobStore,
    executor,
    task,
    runId,
    executionId,
    jobId,
    attempt,
    scheduledRunTime,
    trace,
  });
}

function observed(
  answer: MaybePromise<Outcome>,
  { run, payload: { task }, index, queuedAt }: Fire,
  startedAt: number,
  span: ExecutionSpan | undefined,
  { jobStore, clock, instruments }: FireExecutionParts,
): MaybePromise<Outcome> {
  const { executor, fires } = run;
  const observe = (ended: Outcome) => {
    const { outcome } = ended;
    instruments?.executed({
      jobStore,
      executor,
      task,
      attempt: attemptAt(run, index),
      dueAt: fires[index]?.dueAt ?? startedAt,
      queuedAt: index === 0 ? queuedAt : null,
      startedAt,
      endedAt: clock.now(),
      outcome,
    });
    if (span) instruments?.ended(span, { outcome, error: ended.outcome === 'error' ? ended.error : undefined });
    return ended;
  };
  return answer instanceof Promise ? answer.then(observe) : observe(answer);
}
