import type { Named } from './pattern.js';

/** What an alert of a rule is about; of one rule, each has one alert at most. */
export interface Subject extends Named {
  /** `job <id>`, `task <name>`, `executor <alias>`, or `store`. */
  readonly key: string;
}

/** What a rule says of a subject. */
export type Verdict =
  | {
      readonly rule: string;
      readonly subject: Subject;
      readonly isBad: true;
      readonly at: number;
      readonly runId: string | null;
      /** In its own words. */
      readonly why: string;
      /** The instant of the job that `explain` is to be asked of; null means none. */
      readonly ask: number | null;
      /** What `explain` says comes behind its own words, or in place of them. */
      readonly asked?: 'besides';
    }
  | {
      readonly rule: string;
      readonly subject: Subject;
      readonly isBad: false;
      readonly at: number;
      readonly because: string;
    };

export const STORE: Subject = { key: 'store', jobId: null, task: null, executor: null };

/** A job or, of what was enqueued without one, the task. */
export function subjectOf({ jobId, task, executor }: Named): Subject {
  return { key: jobId === null ? `task ${task}` : `job ${jobId}`, jobId, task, executor };
}

export function executorSubject(executor: string): Subject {
  return { key: `executor ${executor}`, jobId: null, task: null, executor };
}

/** As a sentence begins with it. */
export function nameOf({ jobId, task, executor }: Subject): string {
  if (jobId !== null) return `Job ${jobId}`;
  if (task !== null) return `Task ${task}`;
  return executor === null ? 'The job store' : `Executor ${executor}`;
}
