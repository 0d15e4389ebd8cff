import type { AskedBy } from '../by.js';
import { ConflictingIdError, InvalidTriggerError } from '../errors.js';
import type { JobChange, JobFault, Pending, StoredJob } from '../ports/job-records.js';
import { usesAnchor } from '../trigger/index.js';
import { added, modified, recounted, rescheduled } from './changes.js';
import type { CheckedSpec } from './checks.js';
import { digestOf, type JobDefinition } from './definition.js';
import { type Defaults, fillSpec } from './fill.js';
import { type Before, beforeOf } from './read.js';
import { isFault } from './record.js';
import { unreadableRemoved, unreadableReplaced } from './unreadable.js';

/** A spec and the id it was given or that was made for it. */
export interface SpecWithId {
  readonly id: string;
  readonly spec: CheckedSpec;
}

/** What was read under the id of a spec, at an instant of the store's clock, ms, and the actor of the call. */
interface FoundJob {
  readonly now: number;
  readonly stored: StoredJob | JobFault | null;
  readonly tombstone: string | null;
  readonly by?: AskedBy | undefined;
}

/** What adding one spec results in. */
export interface Added {
  readonly change: JobChange | null;
  readonly definition: JobDefinition;
  readonly pending: Pending | null;
  readonly last: string | null;
  readonly finished: boolean;
}

/**
 * Decides what adding a job results in: a new job; with `replaceExisting`, a job changed in place (one that cannot be read, as a whole),
 * or nothing at all if it is the same already or has finished.
 * @throws ConflictingIdError
 * @throws InvalidTriggerError that names the job, if it would never run, or its trigger cannot be planned.
 */
export function decideAdding(one: SpecWithId, ...rest: Rest): Added {
  try {
    return decide(one, ...rest);
  } catch (error) {
    if (!(error instanceof InvalidTriggerError)) throw error;
    throw new InvalidTriggerError(`job ${JSON.stringify(one.id)}: ${error.message}`, { cause: error });
  }
}

type Rest = Parameters<typeof decide> extends [SpecWithId, ...infer Others] ? Others : never;

function decide(
  { id, spec }: SpecWithId,
  jobStore: string,
  { now, stored, tombstone, by }: FoundJob,
  defaults: Defaults,
): Added {
  const read = { jobStore, now, by };
  const asked = fillSpec(spec, defaults, now);
  const digest = digestOf(asked);
  const first = firstOf(spec);
  if (!stored) {
    const over = { change: null, definition: asked, pending: null, last: null, finished: true };
    if (spec.replaceExisting && tombstone === digest) return over;
    const made = added(read, id, asked, first, tombstone);
    if (made) {
      const { change, definition: counted, pending } = made;
      return { change, definition: counted, pending, last: null, finished: false };
    }
    if (spec.replaceExisting) return over;
    throw new InvalidTriggerError('the trigger names no fire time after now; it would never run');
  }
  if (!spec.replaceExisting) throw new ConflictingIdError(id, jobStore);
  const before = beforeOf(stored, read);
  if (isFault(before)) {
    const made = unreadableReplaced(read, before, asked, first);
    if (made) return { ...made, last: null, finished: false };
    return { change: unreadableRemoved(read, before), definition: asked, pending: null, last: null, finished: true };
  }
  const { unknown } = before.definition;
  const definition = unknown ? { ...asked, unknown } : asked;
  const { digest: was, last, pending: fire } = before.stored;
  if (was === digest) {
    const same = asStored(before, definition);
    const change = modified(before, same, 'replaced')?.change ?? null;
    return { change, definition: same, pending: fire, last, finished: false };
  }
  const {
    change,
    definition: after,
    pending,
  } = rescheduled(before, onOldBeat(before, definition, first), first, 'replaced');
  return { change, definition: after, pending, last, finished: !change.record };
}

/**
 * Another trigger that counts from when the job was added counts from the same instant as the one before: so a redeploy does not put
 * the next fire off, and two releases that add the job again in turn do not keep it from firing.
 */
function onOldBeat({ definition }: Before, given: JobDefinition, first: ReturnType<typeof firstOf>): JobDefinition {
  const { trigger, anchor } = definition;
  const isCounted = first === 'by trigger' && usesAnchor(trigger) && usesAnchor(given.trigger);
  return isCounted ? { ...given, anchor } : given;
}

/** For an equal trigger, however it is written: keeps the stored one; keeps the count of its runs, too, unless `maxRuns` changed. */
function asStored(before: Before, given: JobDefinition): JobDefinition {
  const { maxRuns, trigger, timezone, anchor, lastFireTime, runsLeft } = before.definition;
  const same = { ...given, trigger, timezone, anchor };
  if (given.maxRuns === maxRuns) return { ...same, lastFireTime, runsLeft };
  return recounted(before, same);
}

/** When a job is to fire first, as far as the spec says so. */
export function firstOf({ nextRunTime }: Pick<CheckedSpec, 'nextRunTime'>): Pending | null | 'by trigger' {
  if (nextRunTime === undefined) return 'by trigger';
  if (nextRunTime === null) return null;
  return { fireTime: nextRunTime.getTime(), dueAt: nextRunTime.getTime() };
}
