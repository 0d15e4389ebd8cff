import { z } from 'zod';
import type { Alert } from './notification.js';

const name = z.string().nullable();

/** An alert that is open, as it is kept. */
export const openAlertSchema = z.object({
  id: z.string(),
  rule: z.string(),
  when: z.enum(['failed', 'missed', 'late', 'no_success', 'no_leader', 'no_workers', 'audit_gap']),
  subject: z.object({ key: z.string(), jobId: name, task: name, executor: name }),
  runId: name,
  openedAt: z.int(),
  why: z.string(),
  code: name,
  /** The targets whose queues it was put into; empty: none yet, as it is silenced. */
  notified: z.array(z.string()),
});
export type OpenAlert = z.output<typeof openAlertSchema>;

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
