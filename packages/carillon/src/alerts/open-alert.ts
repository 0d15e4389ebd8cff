import type { Alert } from './notification.js';
import type { Subject } from './verdict.js';

/** An alert that is open, as it is kept. */
export interface OpenAlert extends Pick<Alert, 'id' | 'rule' | 'when' | 'runId' | 'why' | 'code'> {
  readonly subject: Subject;
  readonly openedAt: number;
  /** The targets whose queues it was put into; empty: none yet, as it is silenced. */
  readonly notified: readonly string[];
}

/** An alert as targets get it. */
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

/** What there is none of is left out. */
function linkOf(template: string, values: Readonly<Record<string, string | null>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (text, name: string) =>
    Object.hasOwn(values, name) ? encodeURIComponent(values[name] ?? '') : text,
  );
}
