import type { CarillonEvent, JobPolicy, Trigger } from '@carillon/core';

/** Jobs of schedules have this tag. */
export const SCHEDULE_TAG = 'node-cron';

/** The run that calls a schedule. */
export interface Fire {
  readonly executionId: string;
  readonly scheduledRunTime: Date;
}

/** The part of a started schedule that the cluster uses. */
export interface Schedule {
  /** The job's id. */
  readonly key: string;
  /** The task's name. */
  readonly task: string;
  readonly spec: JobPolicy & {
    readonly trigger: Trigger;
    readonly name: string;
    readonly tags: readonly string[];
    readonly maxRuns: number | null;
    readonly replaceExisting: true;
  };
  /** Whether the worker of this process has the task. */
  isAnnounced: boolean;
  /** Whether it has had all its executions. */
  readonly hasEnded: boolean;
  fire(run: Fire): Promise<void>;
  /** @param workerId of the worker of this process */
  hear(event: CarillonEvent, workerId: string): void;
  /** Called if it had all its executions before this process started it. */
  ended(): void;
  refused(error: Error): void;
}
