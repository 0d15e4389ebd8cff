import type { Scheduler } from '@carillon/core';
import { type Clock, inTime } from '@carillon/core/internal';
import type { Verdict } from './verdict.js';

/** An explanation that takes longer, ms, is left out. */
const EXPLAIN_MS = 2_000;
const MOST_LETTERS = 2_000;

/** Returns the reason of an alert: the sentence of `explain` if it can explain the job, else the words of the rule. */
export async function whyOf(
  verdict: Extract<Verdict, { readonly isBad: true }>,
  scheduler: Pick<Scheduler, 'explain'>,
  jobStore: string,
  clock: Clock,
): Promise<{ readonly why: string; readonly code: string | null }> {
  const { subject, why, ask, explain } = verdict;
  if (subject.jobId === null || ask === null) return { why, code: null };
  try {
    const answer = scheduler.explain(subject.jobId, new Date(ask), { jobStore });
    const late = () => new Error('no explanation in time');
    const { sentence, code } = await inTime(clock, EXPLAIN_MS, answer, late);
    const isKnown = !['unknown_before', 'not_existing'].includes(code);
    // An audit contradicts what is recorded: its own words come first.
    const text = !isKnown ? why : explain === 'added' ? `${why} ${sentence}` : `Job ${subject.jobId}: ${sentence}`;
    return { why: text.slice(0, MOST_LETTERS), code };
  } catch {
    return { why, code: null };
  }
}
