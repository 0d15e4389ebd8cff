import { randomUUID } from 'node:crypto';
import { durationInUnit, inTime, systemClock } from '@carillon/core/internal';
import type { Body } from './body.js';
import type { Execution, LastRun, TaskContext, TaskEvent } from './context.js';
import type { Logger } from './logger.js';

export interface ExecutionsParts {
  readonly body: Body;
  readonly logger: Logger;
  readonly context: (date: Date, execution: Execution) => TaskContext;
  readonly emit: (event: TaskEvent, date: Date, about: { readonly execution: Execution }) => void;
}

/** The executions of a schedule in this process. */
export class Executions {
  readonly #parts: ExecutionsParts;
  #running = 0;
  #lastRun: LastRun | null = null;

  constructor(parts: ExecutionsParts) {
    this.#parts = parts;
  }

  /** How many scheduled executions are running. */
  get running(): number {
    return this.#running;
  }

  get lastRun(): LastRun | null {
    return this.#lastRun;
  }

  /** @throws what the function throws */
  async scheduled(date: Date, id: string): Promise<void> {
    this.#running += 1;
    await this.#call(date, { id, reason: 'scheduled' }, () => {
      this.#running -= 1;
    });
  }

  /** @throws what the function throws; an error if it takes longer than `limitMs` */
  async invoked(limitMs: number | undefined): Promise<unknown> {
    const { body } = this.#parts;
    if (!body.isOpen) throw new Error('node-cron: a background task is not started: call start() first');
    const called = this.#call(new Date(), { id: randomUUID(), reason: 'invoked' }, () => {});
    if (limitMs === undefined) return called;
    const late = () => new Error(`node-cron: execute() took longer than ${durationInUnit(limitMs)}`);
    return inTime(systemClock, limitMs, called, late);
  }

  /** @param onEnd called before listeners are */
  async #call(date: Date, execution: Execution, onEnd: () => void): Promise<unknown> {
    const { body, logger, context, emit } = this.#parts;
    emit('execution:started', date, { execution });
    execution.startedAt = new Date();
    try {
      execution.result = await body.run(context(date, execution));
    } catch (error) {
      execution.error = error as Error;
      this.#end(execution, { error: error as Error }, onEnd);
      logger.error(error as Error);
      emit('execution:failed', date, { execution });
      throw error;
    }
    this.#end(execution, { result: execution.result }, onEnd);
    emit('execution:finished', date, { execution });
    return execution.result;
  }

  #end(execution: Execution, outcome: Omit<LastRun, 'date'>, onEnd: () => void): void {
    execution.finishedAt = new Date();
    this.#lastRun = { date: execution.finishedAt, ...outcome };
    onEnd();
  }
}
