import { draft, type JobFault, type Report, type TermStore } from '@carillon/core/internal';
import { valueOrTermOver } from './fenced.js';

interface Parts {
  readonly jobStore: string;
  readonly terms: TermStore;
  readonly report: Report;
}

/** Moves jobs that cannot be read, planned or claimed to quarantine, and reports each. @throws TermOver */
export async function quarantineJobs(parts: Parts, epoch: number, unreadable: readonly JobFault[]): Promise<void> {
  if (unreadable.length === 0) return;
  const jobs = unreadable.map(({ id, rev, why, pending }) => {
    return { ...damaged(parts, 'job', id, why), dueAt: pending?.dueAt ?? 0, rev };
  });
  valueOrTermOver(await parts.terms.quarantineJobs({ epoch, jobs }));
}

/** Moves unreadable runs to quarantine, and reports each. @throws TermOver */
export async function quarantineRuns(parts: Parts, epoch: number, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return;
  const runs = runIds.map((id) => damaged(parts, 'run', id, 'its header cannot be read'));
  valueOrTermOver(await parts.terms.quarantineRuns({ epoch, runs }));
}

function damaged({ jobStore, report }: Parts, record: 'job' | 'run', id: string, why: string) {
  report({ kind: 'record_unreadable', jobStore, id, why });
  return { id, why, event: draft(jobStore, 'job_quarantined', { record, id, why }) };
}
