import type { EventOf } from '@carillon/core';
import { decodeLastRun, type JobRecords, parseEvent } from '@carillon/core/internal';

const AT_ONCE = 500;

export interface LostEvents {
  /** Failures of that time, oldest first, without those of jobs that succeeded since. */
  readonly errors: readonly EventOf<'job_error'>[];
  /** Jobs that succeeded since. */
  readonly recovered: ReadonlySet<string>;
}

/**
 * Reads what is known of events that the log has dropped: failures are kept for longer, and each job has its last outcome.
 * @param failing jobs that failed last, as far as is known
 */
export async function lostEvents(
  records: Pick<JobRecords, 'failures' | 'read'>,
  from: number,
  to: number,
  failing: readonly string[],
): Promise<LostEvents> {
  const errors = await failuresBetween(records, from, to);
  const ids = [...new Set([...failing, ...errors.flatMap(({ jobId }) => jobId ?? [])])];
  const recovered = new Set<string>();
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const part = ids.slice(at, at + AT_ONCE);
    const { jobs } = await records.read(part);
    for (const [index, id] of part.entries()) {
      const job = jobs[index];
      if (job && 'last' in job && decodeLastRun(job.last)?.outcome === 'executed') recovered.add(id);
    }
  }
  return { errors: errors.filter(({ jobId }) => jobId === null || !recovered.has(jobId)), recovered };
}

async function failuresBetween(
  records: Pick<JobRecords, 'failures'>,
  from: number,
  to: number,
): Promise<EventOf<'job_error'>[]> {
  const found: EventOf<'job_error'>[] = [];
  let before: string | null = null;
  for (;;) {
    const page: Awaited<ReturnType<JobRecords['failures']>> = await records.failures({ before, limit: AT_ONCE });
    for (const { message } of page) {
      const event = parseEvent(message);
      if (event?.type !== 'job_error') continue;
      const at = event.at.getTime();
      if (at < from) return found.reverse();
      if (at <= to) found.push(event);
    }
    const last = page.at(-1);
    if (!last || page.length < AT_ONCE) return found.reverse();
    before = last.id;
  }
}
