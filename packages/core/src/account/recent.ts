import { decodeLastRun } from '../job/last-run.js';
import { openStretches } from '../job/open-stretches.js';
import type { RecentAccount } from '../ports/job-records.js';
import { decodeEntry } from './entry.js';
import { decodeRecorded, type FireOutcome, lastOf, type Recorded } from './recorded.js';

/** The outcome of a fire time, or of several that were missed or coalesced together. */
export interface RecentOutcome {
  readonly outcome: FireOutcome;
  /** The fire time, or the first of several; for a requested run, the instant of the request. */
  readonly scheduledRunTime: Date;
  /** The last of several fire times; every fire time that the trigger names up to it has this outcome. null if there is only one. */
  readonly until: Date | null;
  /** Whether a caller requested this run (`runJob`). */
  readonly asked: boolean;
}

/** Returns the newest outcomes of a job since it was added, newest first, at most `limit`. */
export function recentOf({ last, entries }: RecentAccount, limit: number): readonly RecentOutcome[] {
  const open = openStretches(last).flatMap((text) => decodeRecorded(text) ?? []);
  const recorded = [...ofThisJob(entries), ...open];
  const outcomes = recorded.flatMap((one) => newestOf(one, limit));
  const run = outcomes.length === 0 ? decodeLastRun(last) : null;
  // Up to format 2, only the last run is kept.
  if (run) return [{ outcome: run.outcome, scheduledRunTime: run.scheduledRunTime, until: null, asked: false }];
  return outcomes.sort((one, other) => endOf(other) - endOf(one)).slice(0, limit);
}

/** The outcomes in entries since the job was last added. If a job is back from a quarantine, its outcomes before that count too. */
function ofThisJob(entries: readonly string[]): readonly Recorded[] {
  const recorded: Recorded[] = [];
  let isBack = false;
  for (const text of entries.toReversed()) {
    const entry = decodeEntry(text);
    if (entry?.kind === 'ended' && !isBack) break;
    isBack = entry?.kind === 'restored';
    if (entry?.kind === 'outcomes') recorded.push(entry.recorded);
  }
  return recorded;
}

function newestOf(recorded: Recorded, limit: number): RecentOutcome[] {
  if (recorded.form === 'range') {
    const { outcome, first, last } = recorded;
    const until = first === last ? null : new Date(last);
    return [{ outcome, scheduledRunTime: new Date(first), until, asked: false }];
  }
  const { outcome, asked, step, count } = recorded;
  const last = lastOf(recorded);
  return Array.from({ length: Math.min(count, limit) }, (_, place) => ({
    ...{ outcome, scheduledRunTime: new Date(last - place * step), until: null, asked },
  }));
}

const endOf = ({ scheduledRunTime, until }: RecentOutcome) => (until ?? scheduledRunTime).getTime();
