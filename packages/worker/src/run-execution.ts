import type { ExecutionSpan, TaskScheduler, TraceContext } from '@carillon/core';
import {
  type Chance,
  type Clock,
  type ContractMemory,
  type Instruments,
  previousOf,
  type RunPayload,
} from '@carillon/core/internal';
import type { Logger } from 'pino';
import type { Execution } from './current-run.js';
import { ExecutionFacts } from './execution-facts.js';
import type { Hold } from './hold.js';
import type { RunCalls } from './run-calls.js';
import { actorOf, RunScheduler } from './run-scheduler.js';

export interface RunExecutionParts {
  readonly contracts: ContractMemory;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly logger: Logger;
  readonly instruments: Instruments | undefined;
  readonly onProgress: (run: Hold, json: string) => void;
}

/** One execution of a run that this worker holds. Its logger and scheduler are made as its task asks for them. */
export class RunExecution extends ExecutionFacts implements Execution {
  readonly #hold: Hold;
  readonly #calls: RunCalls;
  readonly #parts: RunExecutionParts;
  readonly #payload: RunPayload;
  readonly #span: ExecutionSpan | undefined;
  #logger: Logger | undefined;
  #scheduler: RunScheduler | undefined;
  #isOver = false;

  constructor(
    hold: Hold,
    facts: ExecutionFacts,
    payload: RunPayload,
    calls: RunCalls,
    parts: RunExecutionParts,
    span: ExecutionSpan | undefined,
  ) {
    super(facts);
    this.#hold = hold;
    this.#calls = calls;
    this.#parts = parts;
    this.#payload = payload;
    this.#span = span;
  }

  get logger(): Logger {
    const { runId, executionId, jobId } = this;
    this.#logger ??= this.#parts.logger.child({ ...this.#span?.logged, runId, executionId, jobId });
    return this.#logger;
  }

  get scheduler(): TaskScheduler {
    const { runId, jobStore, logger } = this;
    const { contracts, clock, chance, instruments } = this.#parts;
    const by = actorOf(runId, this.#payload.task);
    const telemetry = instruments?.producers;
    const common = { runId, jobStore, calls: this.#calls, contracts, clock, chance, logger };
    this.#scheduler ??= new RunScheduler({ ...common, by, telemetry });
    return this.#scheduler;
  }

  get previousFireTime(): Date | null {
    return previousOf(this.#payload.timing, this.jobId, this.scheduledRunTime);
  }

  get trace(): TraceContext | null {
    return this.#span?.trace ?? null;
  }

  onProgress(json: string): void {
    if (!this.#isOver) this.#parts.onProgress(this.#hold, json);
  }

  /** Its task has ended, or is waited for no more. */
  end(): void {
    this.#isOver = true;
    this.#calls.end();
  }
}
