import { randomUUID } from 'node:crypto';
import type { CarillonEvent } from '@carillon/core';
import type { Body } from './body.js';
import { ClusterNews } from './cluster-news.js';
import type { LastRun, ScheduledTask, TaskContext, TaskEvent, TaskListener } from './context.js';
import { Executions } from './executions.js';
import { FireTimes } from './fire-times.js';
import type { Identity } from './identity.js';
import { localIso } from './local-time.js';
import type { Logger } from './logger.js';
import type { CheckedOptions } from './options.js';
import type { Room } from './room.js';
import type { Fire, Schedule } from './schedule.js';
import { jobOf } from './spec.js';
import { TaskEvents } from './task-events.js';
import type { Turns } from './turns.js';

export interface TaskParts {
  readonly pattern: string;
  readonly options: CheckedOptions;
  readonly identity: Identity;
  readonly body: Body;
  readonly isBackground: boolean;
  readonly room: Room;
  readonly turns: Turns;
  readonly logger: Logger;
}

/** The most missed fires of one gap that are reported one by one. */
const MOST_MISSED = 1_000;

/** A schedule of this process with the interface of node-cron, and the job behind it. */
export class Task implements ScheduledTask, Schedule {
  readonly id = randomUUID();
  readonly name: string;
  readonly key: string;
  readonly task: string;
  readonly spec: Schedule['spec'];
  isAnnounced = false;
  readonly #parts: TaskParts;
  readonly #events: TaskEvents;
  readonly #fireTimes: FireTimes;
  readonly #executions: Executions;
  readonly #news: ClusterNews;
  #state: 'stopped' | 'started' | 'destroyed' = 'stopped';
  #opening: Promise<void> | undefined;
  #executed = 0;
  #hasEnded = false;

  /** @throws InvalidTriggerError */
  constructor(parts: TaskParts) {
    const { pattern, options, identity, body, logger } = parts;
    this.#parts = parts;
    this.name = options.name || this.id;
    this.key = identity.key;
    this.task = identity.task;
    this.spec = jobOf(pattern, options, identity);
    this.#fireTimes = new FireTimes(this.spec.trigger, this.key);
    this.#events = new TaskEvents((error) => logger.error(error));
    this.#executions = new Executions({
      body,
      logger,
      context: (date, execution) => this.#context(date, { execution }),
      emit: (event, date, about) => this.#emit(event, date, about),
    });
    this.#news = new ClusterNews({
      missed: (first, last) => this.#missed(first, last),
      overlapped: (fire) => {
        logger.warn(
          `node-cron: ${this.name}: the execution before still runs: the fire of ${fire.toISOString()} is skipped`,
        );
        this.#emit('execution:overlap', fire);
      },
      skipped: (fire) => this.#emit('execution:skipped', fire, { reason: 'not-elected' }),
      ended: () => this.ended(),
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  start(): Promise<void> {
    if (this.#state !== 'stopped') return Promise.resolve();
    const { open } = this.#parts.body;
    if (!open) return this.#begin();
    this.#opening ??= open((error) => this.#failed(error))
      .then(() => this.#begin())
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }

  stop(): Promise<void> {
    if (this.#state !== 'started') return Promise.resolve();
    this.#state = 'stopped';
    this.#parts.body.close();
    this.#emit('task:stopped');
    return this.#parts.room.leave(this);
  }

  async destroy(): Promise<void> {
    if (this.#state === 'destroyed') return;
    const stopped = this.stop();
    this.#state = 'destroyed';
    this.#emit('task:destroyed');
    await stopped;
  }

  /** Called when the process ends: the job stays. */
  forget(): void {
    if (this.#state === 'destroyed') return;
    const wasStarted = this.#state === 'started';
    this.#state = 'destroyed';
    this.#parts.body.close();
    if (wasStarted) this.#emit('task:stopped');
    this.#emit('task:destroyed');
  }

  getStatus(): string {
    if (this.#state !== 'started') return this.#state;
    return this.#executions.running > 0 ? 'running' : 'idle';
  }

  execute(): Promise<unknown> {
    const { isBackground, options } = this.#parts;
    return this.#executions.invoked(isBackground ? options.executeTimeout : undefined);
  }

  getNextRun(): Date | null {
    return this.#state === 'started' ? this.#fireTimes.next(new Date()) : null;
  }

  getNextRuns(count: number): Date[] {
    return this.#fireTimes.upcoming(count);
  }

  match(date: Date): boolean {
    return this.#fireTimes.has(date);
  }

  msToNext(): number | null {
    const next = this.getNextRun();
    return next && next.getTime() - Date.now();
  }

  isBusy(): boolean {
    return this.getStatus() === 'running';
  }

  runsLeft(): number | undefined {
    const { maxExecutions } = this.#parts.options;
    return maxExecutions === undefined ? undefined : Math.max(0, maxExecutions - this.#executed);
  }

  getPattern(): string {
    return this.#parts.pattern;
  }

  lastRun(): LastRun | null {
    return this.#executions.lastRun;
  }

  unref(): void {}

  ref(): void {}

  on(event: TaskEvent, listener: TaskListener): void {
    this.#events.on(event, listener);
  }

  off(event: TaskEvent, listener: TaskListener): void {
    this.#events.off(event, listener);
  }

  once(event: TaskEvent, listener: TaskListener): void {
    this.#events.once(event, listener);
  }

  async fire({ executionId, scheduledRunTime: date }: Fire): Promise<void> {
    const { turns, options } = this.#parts;
    const turn = await turns.take(options, `${this.name}:${date.toISOString()}`);
    if (turn.skipped) return this.#emit('execution:skipped', date, { reason: turn.skipped });
    if (this.#executions.running > 0) this.#emit('execution:overlap', date);
    this.#executed += 1;
    try {
      await this.#executions.scheduled(date, executionId);
    } finally {
      await turn.end();
    }
  }

  hear(event: CarillonEvent, workerId: string): void {
    if (event.type === 'job_started' && event.workerId !== workerId) this.#executed += 1;
    this.#news.hear(event, workerId);
  }

  ended(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#emit('execution:maxReached');
    void this.destroy();
  }

  refused(error: Error): void {
    this.#failed(error);
  }

  #begin(): Promise<void> {
    if (this.#state !== 'stopped') return Promise.resolve();
    this.#state = 'started';
    this.#emit('task:started');
    return this.#parts.room.enter(this);
  }

  #failed(error: Error): void {
    this.#parts.logger.error(error);
    if (this.#state !== 'started') return;
    this.#state = 'stopped';
    this.#emit('task:failed', new Date(), { error });
    void this.#parts.room.leave(this);
  }

  #missed(first: Date, last: Date): void {
    const { logger, options } = this.#parts;
    for (const at of this.#fireTimes.between(first, last, MOST_MISSED)) {
      if (!options.suppressMissedWarning && !this.#events.hears('execution:missed')) {
        logger.warn(`node-cron: ${this.name}: the fire of ${at.toISOString()} was missed`);
      }
      this.#emit('execution:missed', at);
    }
  }

  #emit(event: TaskEvent, date = new Date(), about: Partial<TaskContext> = {}): void {
    this.#events.emit(event, this.#context(date, about));
  }

  #context(date: Date, about: Partial<TaskContext>): TaskContext {
    const dateLocalIso = localIso(date, this.#parts.options.timezone);
    return { date, dateLocalIso, triggeredAt: new Date(), task: this, ...about };
  }
}
