import type { CarillonEvent, JobPolicy, Trigger } from '@carillon/core';

/** Jobs of schedules have this tag. */
export const SCHEDULE_TAG = 'node-cron';

/** The run that calls a schedule. */
export interface Fire {
  readonly executionId: string;
  readonly scheduledRunTime: Date;
}

/** What of a started task the cluster has to do with. */
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
  /** The worker of this process has the task. */
  isAnnounced: boolean;
  /** It has had all its executions. */
  readonly hasEnded: boolean;
  fire(run: Fire): Promise<void>;
  /** @param workerId of the worker of this process */
  hear(event: CarillonEvent, workerId: string): void;
  /** It has had all its executions, before this process asked. */
  ended(): void;
  refused(error: Error): void;
}
