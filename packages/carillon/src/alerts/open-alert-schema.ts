import { z } from 'zod';
import type { OpenAlert } from './open-alert.js';

const name = z.string().nullable();

export const openAlertSchema: z.ZodType<OpenAlert> = z.object({
  id: z.string(),
  rule: z.string(),
  when: z.enum(['failed', 'missed', 'late', 'no_success', 'no_leader', 'no_workers', 'audit_gap']),
  subject: z.object({ key: z.string(), jobId: name, task: name, executor: name }),
  runId: name,
  openedAt: z.int(),
  why: z.string(),
  code: name,
  notified: z.array(z.string()),
});
