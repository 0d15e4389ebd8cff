import { draft, type Report, type TermStore } from '@carillon/core/internal';
import { unfenced } from './fenced.js';

/** Moves runs whose records cannot be read out of the way, and says so. @throws TermOver */
export async function quarantineRuns(
  { jobStore, terms, report }: { readonly jobStore: string; readonly terms: TermStore; readonly report: Report },
  epoch: number,
  runIds: readonly string[],
): Promise<void> {
  if (runIds.length === 0) return;
  const why = 'its header cannot be read';
  const runs = runIds.map((id) => {
    report({ kind: 'record_unreadable', jobStore, id, why });
    return { id, why, event: draft(jobStore, 'job_quarantined', { record: 'run', id, why }) };
  });
  unfenced(await terms.quarantineRuns({ epoch, runs }));
}
