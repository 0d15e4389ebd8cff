import type { Alert } from './notification.js';
import type { Subject } from './verdict.js';

/** The stored form of an open alert. */
export interface OpenAlert extends Pick<Alert, 'id' | 'rule' | 'when' | 'runId' | 'why' | 'code'> {
  readonly subject: Subject;
  readonly openedAt: number;
  /** The targets in whose queues it was put; empty if there are none yet, as it is silenced. */
  readonly notified: readonly string[];
}

/** The form of an alert for targets. */
export function alertOf(
  { subject, openedAt, notified: _, ...alert }: OpenAlert,
  jobStore: string,
  template?: string,
): Alert {
  const { jobId, task, executor } = subject;
  const members = { ...alert, jobStore, jobId, task, executor, openedAt: new Date(openedAt).toISOString() };
  const { id: alertId, rule, runId } = alert;
  return {
    ...members,
    link: template === undefined ? null : linkOf(template, { alertId, rule, jobStore, jobId, runId }),
  };
}

/** Fills in a template; values that do not exist are left out. */
function linkOf(template: string, values: Readonly<Record<string, string | null>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (text, name: string) =>
    Object.hasOwn(values, name) ? encodeURIComponent(values[name] ?? '') : text,
  );
}
