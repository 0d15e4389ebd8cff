import type { ExecutionSpan, TaskScheduler, TraceContext } from '@carillon/core';
import { type Chance, type Clock, type ContractMemory, type Instruments, previousOf } from '@carillon/core/internal';
import type { Logger } from 'pino';
import type { Execution } from './current-run.js';
import type { Fire } from './fire.js';
import type { Hold } from './hold.js';
import type { RunCalls } from './run-calls.js';
import { actorOf, RunScheduler } from './run-scheduler.js';
import { attemptAt, executionIdOf } from './settlement.js';

export interface RunExecutionParts {
  readonly jobStore: string;
  readonly contracts: ContractMemory;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly logger: Logger;
  readonly instruments: Instruments | undefined;
  readonly onProgress: (run: Hold, json: string) => void;
}

/** One execution of a run that this worker holds. What most tasks never ask for is made as it is asked for. */
export class RunExecution implements Execution {
  readonly #hold: Hold;
  readonly #calls: RunCalls;
  readonly #parts: RunExecutionParts;
  readonly #fire: Fire;
  readonly #span: ExecutionSpan | undefined;
  #logger: Logger | undefined;
  #scheduler: RunScheduler | undefined;
  #isOver = false;

  constructor(hold: Hold, fire: Fire, calls: RunCalls, parts: RunExecutionParts, span: ExecutionSpan | undefined) {
    this.#hold = hold;
    this.#calls = calls;
    this.#parts = parts;
    this.#fire = fire;
    this.#span = span;
  }

  get runId(): string {
    return this.#fire.run.runId;
  }

  get executionId(): string {
    return executionIdOf(this.runId, this.#fire.index);
  }

  get jobId(): string | null {
    return this.#fire.run.jobId;
  }

  get jobStore(): string {
    return this.#parts.jobStore;
  }

  get scheduledRunTime(): Date {
    const { run, index } = this.#fire;
    return new Date(run.fires[index]?.fireTime ?? Number.NaN);
  }

  get attempt(): number {
    return attemptAt(this.#fire.run, this.#fire.index);
  }

  get logger(): Logger {
    this.#logger ??= this.#makeLogger();
    return this.#logger;
  }

  get scheduler(): TaskScheduler {
    this.#scheduler ??= this.#makeScheduler();
    return this.#scheduler;
  }

  get previousFireTime(): Date | null {
    return previousOf(this.#fire.payload.timing, this.jobId, this.scheduledRunTime);
  }

  get trace(): TraceContext | null {
    return this.#span?.trace ?? null;
  }

  onProgress(json: string): void {
    if (!this.#isOver) this.#parts.onProgress(this.#hold, json);
  }

  /** Called when its task has ended, or the worker no longer waits for it. */
  end(): void {
    this.#isOver = true;
    this.#calls.end();
  }

  #makeLogger(): Logger {
    const { runId, executionId, jobId } = this;
    return this.#parts.logger.child({ ...this.#span?.logged, runId, executionId, jobId });
  }

  #makeScheduler(): RunScheduler {
    const { runId, jobStore, logger } = this;
    const { contracts, clock, chance, instruments } = this.#parts;
    const by = actorOf(runId, this.#fire.payload.task);
    const telemetry = instruments?.producers;
    return new RunScheduler({ runId, jobStore, calls: this.#calls, contracts, clock, chance, logger, by, telemetry });
  }
}
