import { type DatedRecord, lastOf } from '../recorded.js';
import { fireTimeBefore, mayHave, type Revision } from '../revision.js';
import type { Timeline } from '../timeline.js';
import { verdictOf } from '../verdict.js';
import { type BucketGrid, Buckets, type FireBucket } from './buckets.js';
import { RevisionFires } from './revision-fires.js';
import type { ZoneClockChange } from './zone-clock.js';

/** The past and coming fire times of a job, counted in equal buckets of a period. */
export interface FireCounts {
  readonly jobId: string;
  readonly jobStore: string;
  readonly from: Date;
  /** The exclusive end of the period. */
  readonly to: Date;
  /** The present, by the clock of the job store. */
  readonly now: Date;
  /** How long a bucket is; the last one may be shorter. */
  readonly bucketMs: number;
  /** The buckets that are not empty, oldest first. */
  readonly buckets: readonly FireBucket[];
  /** The clock changes of the job's zone in the period. */
  readonly clockChanges: readonly ZoneClockChange[];
  /** The instant from which on all outcomes are recorded; null if nothing is recorded. */
  readonly speaksFrom: Date | null;
  /** The parts of the account that cannot be read, and why. They are not counted. */
  readonly unreadable: readonly string[];
}

type DatedRange = Extract<DatedRecord, { form: 'range' }>;

/** The most fire times before the pending one that are searched for an owed one. */
const MOST_OWED = 20;

/**
 * Counts the fire times of a job by buckets: outcomes by the stretches of its account, future fire times by its trigger. Where there are many, it
 * looks at no single one.
 * @param owed fire times of owed runs, ms
 */
export function countsOf(timeline: Timeline, grid: BucketGrid, owed: readonly number[]): readonly FireBucket[] {
  const buckets = new Buckets(grid);
  const ofRevision = new Map<Revision, RevisionFires>();
  const firesOf = (revision: Revision) => {
    const known = ofRevision.get(revision) ?? new RevisionFires(timeline.id, revision, buckets);
    ofRevision.set(revision, known);
    return known;
  };
  for (const record of timeline.outcomes.all()) {
    if (record.first >= grid.to || lastOf(record) < grid.from) continue;
    if (record.form === 'stretch') {
      const { outcome, first, step, slowestMs } = record;
      buckets.addBeat(outcome, { first, step, last: lastOf(record) }, slowestMs);
    } else {
      addRange(timeline, record, buckets, firesOf);
    }
  }
  for (const at of owed) buckets.addBeat('waiting', { first: at, step: 0, last: at }, null);
  const { pending, now } = timeline;
  const present = timeline.revisions.at(-1);
  if (pending && present?.to === null) {
    const ahead = new RevisionFires(timeline.id, { ...present, first: pending.fireTime }, buckets);
    ahead.add('waiting', pending.fireTime, now);
    ahead.add('will_fire', Math.max(pending.fireTime, now + 1), Number.POSITIVE_INFINITY);
  }
  return buckets.filled();
}

/** Adds a range: all fire times that a trigger names from the first to the last. */
function addRange(
  { revisions }: Timeline,
  range: DatedRange,
  buckets: Buckets,
  firesOf: (revision: Revision) => RevisionFires,
): void {
  const { outcome, first, last } = range;
  const revision = revisions.findLast((one) => mayHave(one, range));
  if (revision) firesOf(revision).add(outcome, first, last);
  // The fire times between these are no longer known.
  else for (const at of new Set([first, last])) buckets.addBeat(outcome, { first: at, step: 0, last: at }, null);
}

/** Whether a run of the job may be owed. It is true if one of the last fire times before the pending one has no outcome. */
export function mayOwe(timeline: Timeline, from: number): boolean {
  const present = timeline.revisions.at(-1);
  if (!present) return false;
  let at: number | null = Math.min(timeline.pending?.fireTime ?? Number.POSITIVE_INFINITY, timeline.now + 1);
  for (let looked = 0; looked < MOST_OWED; looked++) {
    at = fireTimeBefore(present, at);
    if (at === null || at < from) return false;
    if (verdictOf(timeline, at).kind === 'open') return true;
  }
  return false;
}
