import type { Named } from './pattern.js';

/** The subject of an alert. A rule has at most one open alert for each subject. */
export interface Subject extends Named {
  /** `job <id>`, `task <name>`, `executor <alias>`, or `store`. */
  readonly key: string;
}

/** The verdict of a rule on a subject. */
export type Verdict =
  | {
      readonly rule: string;
      readonly subject: Subject;
      readonly isBad: true;
      readonly at: number;
      readonly runId: string | null;
      /** The reason in the words of the rule. */
      readonly why: string;
      /** The instant of the job to explain by `explain`; null if there is none. */
      readonly ask: number | null;
      /** `added`: the sentence of `explain` follows the words of the rule. Without it, the sentence replaces them. */
      readonly explain?: 'added';
    }
  | {
      readonly rule: string;
      readonly subject: Subject;
      readonly isBad: false;
      readonly at: number;
      readonly because: string;
    };

export const STORE: Subject = { key: 'store', jobId: null, task: null, executor: null };

/** The job, or the task of a run that was enqueued without a job. */
export function subjectOf({ jobId, task, executor }: Named): Subject {
  return { key: jobId === null ? `task ${task}` : `job ${jobId}`, jobId, task, executor };
}

export function executorSubject(executor: string): Subject {
  return { key: `executor ${executor}`, jobId: null, task: null, executor };
}

/** The subject as the beginning of a sentence. */
export function nameOf({ jobId, task, executor }: Subject): string {
  if (jobId !== null) return `Job ${jobId}`;
  if (task !== null) return `Task ${task}`;
  return executor === null ? 'The job store' : `Executor ${executor}`;
}
