import type { Report } from '../log.js';
import type { JobFault } from '../ports/job-records.js';

/** Reports a job that cannot be read. A job of a newer release is not an error: it waits for members that read it, and is logged once. */
export function reportNotRead(report: Report, jobStore: string, { id, why, newer }: JobFault): void {
  report(
    newer ? { kind: 'record_newer', jobStore, record: 'job', id } : { kind: 'record_unreadable', jobStore, id, why },
  );
}
