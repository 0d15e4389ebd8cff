import type { Job, JobFilter, UntypedTasks } from '@carillon/core';
import type { Client } from '../client.js';

const PAGE = 1_000;

/**
 * Every job of the job store, or each that a filter matches, by next run time, paused ones last; each once, though jobs change meanwhile.
 */
export async function* allJobs(
  { scheduler, choice }: Pick<Client, 'scheduler' | 'choice'>,
  filter: JobFilter = {},
): AsyncGenerator<Job<UntypedTasks>> {
  const seen = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof scheduler.getJobs>> = await scheduler.getJobs({
      ...choice,
      filter,
      cursor,
      limit: PAGE,
    });
    for (const job of page.jobs) {
      if (seen.has(job.id)) continue;
      seen.add(job.id);
      yield job;
    }
    cursor = page.cursor;
  } while (cursor !== null);
}
