import { setTimeout as delay } from 'node:timers/promises';
import {
  type CarillonEvent,
  type EventType,
  InvalidJobError,
  InvalidOptionsError,
  InvalidTriggerError,
  JobNotFoundError,
} from '@carillon/core';
import { currentRun } from '@carillon/worker';
import type { Carillon } from '../carillon.js';
import { SCHEDULE_TAG, type Schedule } from './schedule.js';

/** The members of the cluster in this process. */
export type Members = Carillon<Record<string, () => unknown>>;
type OpenMembers = (tasks: Record<string, () => unknown>) => Members;

export interface RoomParts {
  readonly open: OpenMembers;
  readonly jobStore: string;
  /** Whether other processes share the schedules. */
  readonly isShared: boolean;
  /** Called once in each outage. */
  readonly onOutage: (error: Error) => void;
}

const HEARD: readonly EventType[] = [
  ...(['job_submitted', 'job_started', 'job_executed', 'job_error', 'job_cancelled'] as const),
  ...(['job_missed', 'job_max_instances', 'job_removed'] as const),
];
const RETRY_MS = 1_000;
const REFUSALS = [InvalidJobError, InvalidTriggerError, InvalidOptionsError];

/**
 * Keeps the cluster in step with the schedules of this process: each started schedule has its task in this process and its job in the
 * cluster. It connects with the first schedule, disconnects after the last one, and keeps trying while Redis cannot be reached.
 */
export class Room {
  readonly #parts: RoomParts;
  readonly #wanted = new Map<string, Schedule>();
  readonly #there = new Map<string, Schedule>();
  readonly #waiting = new Set<() => void>();
  #members: Members | undefined;
  #working: Promise<void> | undefined;
  #isClosed = false;

  constructor(parts: RoomParts) {
    this.#parts = parts;
  }

  get isShared(): boolean {
    return this.#parts.isShared;
  }

  get isOpen(): boolean {
    return this.#working !== undefined || this.#members !== undefined;
  }

  /** Resolves once the cluster has the job, or the schedule was stopped. */
  enter(schedule: Schedule): Promise<void> {
    this.#wanted.set(schedule.key, schedule);
    return this.#until(() => this.#there.get(schedule.key) === schedule || !this.#wants(schedule));
  }

  /** Resolves once this process no longer has its task. */
  leave(schedule: Schedule): Promise<void> {
    if (this.#wants(schedule)) this.#wanted.delete(schedule.key);
    return this.#until(() => this.#there.get(schedule.key) !== schedule || this.#wants(schedule));
  }

  /** Lets running executions finish within a time, and leaves the jobs in the cluster: this process ends, its schedules do not. */
  async close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    this.#wanted.clear();
    this.#there.clear();
    this.#settled();
    await this.#working;
    const members = this.#members;
    this.#members = undefined;
    await members?.shutdown({ timeout: timeoutMs });
  }

  #wants(schedule: Schedule): boolean {
    return this.#wanted.get(schedule.key) === schedule;
  }

  #until(isDone: () => boolean): Promise<void> {
    this.#working ??= this.#work();
    return new Promise((resolve) => {
      const look = () => {
        if (!isDone()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  async #work(): Promise<void> {
    for (let failures = 0; ; ) {
      await Promise.resolve();
      const step = this.#isClosed ? undefined : this.#next();
      if (!step) {
        // At once: what is wanted from now on begins the work again.
        this.#working = undefined;
        return;
      }
      try {
        await step();
        failures = 0;
      } catch (error) {
        if (failures === 0) this.#parts.onOutage(error as Error);
        failures += 1;
        if (!this.#isClosed) await delay(RETRY_MS);
      }
      this.#settled();
    }
  }

  #next(): (() => Promise<void>) | undefined {
    for (const schedule of this.#there.values()) if (!this.#wants(schedule)) return () => this.#remove(schedule);
    for (const schedule of this.#wanted.values()) {
      if (this.#there.get(schedule.key) !== schedule) return () => this.#add(schedule);
    }
    return this.#members && this.#wanted.size === 0 ? () => this.#close() : undefined;
  }

  async #add(schedule: Schedule): Promise<void> {
    const { key, task } = schedule;
    const call = () => schedule.fire(currentRun());
    try {
      const isFirst = this.#members === undefined;
      const members = this.#members ?? (await this.#open({ [task]: call }));
      if (!isFirst && !schedule.isAnnounced) await members.addTask(task, call);
      schedule.isAnnounced = true;
      const job = await members.addJob({ ...schedule.spec, id: key, task, jobStore: this.#parts.jobStore });
      if (!this.#isClosed) this.#there.set(key, schedule);
      if (job.nextRunTime === null) schedule.ended();
    } catch (error) {
      if (!REFUSALS.some((Refusal) => error instanceof Refusal)) throw error;
      if (this.#wants(schedule)) this.#wanted.delete(key);
      schedule.refused(error as Error);
    }
  }

  /** Removes the task here, and the job if no living worker has the task any more: no worker could run it. */
  async #remove(schedule: Schedule): Promise<void> {
    const { key, task } = schedule;
    const { jobStore } = this.#parts;
    if (schedule.isAnnounced) await this.#members?.removeTask(task);
    schedule.isAnnounced = false;
    const { workers = [] } = (await this.#members?.inspect({ jobStore })) ?? {};
    const isElsewhere = workers.some(({ tasks }) => tasks.includes(task));
    if (!isElsewhere && !schedule.hasEnded) await this.#removeJob(key);
    if (this.#there.get(key) === schedule) this.#there.delete(key);
  }

  async #removeJob(id: string): Promise<void> {
    try {
      await this.#members?.removeJob(id, { jobStore: this.#parts.jobStore });
    } catch (error) {
      if (!(error instanceof JobNotFoundError)) throw error;
    }
  }

  async #open(tasks: Record<string, () => unknown>): Promise<Members> {
    const members = this.#parts.open(tasks);
    try {
      await members.start();
      await members.addListener((event) => this.#hear(event), HEARD);
    } catch (error) {
      await members.shutdown({ timeout: 0 }).catch(() => {});
      throw error;
    }
    this.#members = members;
    return members;
  }

  async #close(): Promise<void> {
    const members = this.#members;
    this.#members = undefined;
    await members?.shutdown();
  }

  #hear(event: CarillonEvent): void {
    const id = 'jobId' in event ? event.jobId : null;
    if (id === null) return;
    const workerId = this.#members?.health().worker.workerId;
    if (workerId !== undefined) this.#there.get(id)?.hear(event, workerId);
    // A schedule that no process has any more, such as one that was taken out of the code.
    if (event.type === 'job_error' && event.error.code === 'UNKNOWN_TASK' && !this.#wanted.has(id)) {
      void this.#removeGone(id).catch(() => {});
    }
  }

  /** Removes the job of a schedule. Other jobs of the job store stay. */
  async #removeGone(id: string): Promise<void> {
    const job = await this.#members?.getJob(id, { jobStore: this.#parts.jobStore });
    if (job?.tags.includes(SCHEDULE_TAG)) await this.#removeJob(id);
  }

  #settled(): void {
    for (const look of [...this.#waiting]) look();
  }
}
