import { fireTimesInSteps, fireTimesOfOne } from '../trigger/compile.js';
import { isSameForAll } from '../trigger/digest.js';
import type { CompiledTrigger, Trigger } from '../trigger/index.js';
import { searchOf, withSearch } from '../trigger/search.js';
import { soundTrigger } from '../trigger/sound.js';
import { finished, type Steps } from '../trigger/steps.js';
import { isComposite } from '../trigger/trigger.js';
import type { JobDefinition } from './definition.js';

/** No fire time is counted beyond it: a limit that lies there has no effect. */
const HORIZON = Date.UTC(3_000, 0);

/** A trigger that ends with a fire time; with null, it ends by itself. Its jitter stays as it is. */
function endingAt(trigger: CompiledTrigger, last: number | null): CompiledTrigger {
  if (last === null) return trigger;
  const upTo = (fireTime: number | null) => (fireTime !== null && fireTime <= last ? fireTime : null);
  const nextMs = (after: number) => upTo(trigger.nextMs(after));
  const next = (after: Date) => {
    const fireTime = trigger.next(after);
    return fireTime !== null && fireTime.getTime() <= last ? fireTime : null;
  };
  const search = searchOf(trigger);
  return withSearch(
    Object.freeze({ ...trigger, nextMs, next }),
    search && {
      ...search,
      *next(after) {
        return upTo(yield* search.next(after));
      },
    },
  );
}

/** Compiled triggers that many jobs may share, each with the scheduler's zone. */
const shared = new WeakMap<Trigger, { readonly timezone: string | undefined; readonly compiled: CompiledTrigger }>();

/** A job's trigger, without the end that `maxRuns` sets. Jobs share the compiled trigger if it means the same for all of them. */
export function compileUnlimited(id: string, definition: Scheduled): CompiledTrigger {
  return compiledAtOnce(id, definition) ?? finished(compileUnlimitedInSteps(id, definition));
}

type Scheduled = Pick<JobDefinition, 'trigger' | 'timezone' | 'anchor'>;

function* compileUnlimitedInSteps(id: string, { trigger, timezone, anchor }: Scheduled): Steps<CompiledTrigger> {
  const known = compiledAtOnce(id, { trigger, timezone, anchor });
  if (known) return known;
  const compiled = soundTrigger(yield* fireTimesInSteps(trigger, { jobId: id, timezone, now: new Date(anchor) }));
  if (isSameForAll(trigger)) shared.set(trigger, { timezone, compiled });
  return compiled;
}

/** Compiles a trigger that takes no steps: it is shared, or has one part. */
function compiledAtOnce(id: string, { trigger, timezone, anchor }: Scheduled): CompiledTrigger | undefined {
  const known = shared.get(trigger);
  if (known && known.timezone === timezone) return known.compiled;
  if (isComposite(trigger)) return undefined;
  const compiled = soundTrigger(fireTimesOfOne(trigger, { jobId: id, timezone, now: new Date(anchor) }));
  if (isSameForAll(trigger)) shared.set(trigger, { timezone, compiled });
  return compiled;
}

/** The trigger that names a job's fire times; it ends with the last of the job's `maxRuns`. */
export function compileJob(id: string, definition: JobDefinition): CompiledTrigger {
  return finished(compileJobInSteps(id, definition));
}

/** `compileJob` in steps. */
export function* compileJobInSteps(id: string, definition: JobDefinition): Steps<CompiledTrigger> {
  return endingAt(yield* compileUnlimitedInSteps(id, definition), definition.lastFireTime);
}

/**
 * The definition of a job whose `maxRuns` count from its pending fire time on: which fire time is the last is settled here,
 * so that no fire has to count. While it is paused, it keeps how many are left.
 * @param count the number of runs
 */
export function countedFrom(
  id: string,
  definition: JobDefinition,
  first: number | null,
  count = definition.maxRuns,
): JobDefinition {
  if (count === null) {
    const isSo = definition.lastFireTime === null && definition.runsLeft === null;
    return isSo ? definition : { ...definition, lastFireTime: null, runsLeft: null };
  }
  if (first === null) return { ...definition, lastFireTime: null, runsLeft: count };
  return { ...definition, lastFireTime: nthFrom(compileUnlimited(id, definition), first, count), runsLeft: null };
}

/** How many fire times a counted job has from one on, itself among them; null if it has no limit. */
export function leftFrom(trigger: CompiledTrigger, definition: JobDefinition, first: number | null): number | null {
  const { maxRuns, lastFireTime } = definition;
  if (maxRuns === null || lastFireTime === null) return maxRuns;
  let count = 0;
  for (let fireTime = first; fireTime !== null; fireTime = trigger.nextMs(fireTime)) count += 1;
  return count;
}

/** How many are left to a job whose next fire time is this; null if it is paused. Returns null if it has no limit. */
export function runsLeft(id: string, definition: JobDefinition, next: number | null): number | null {
  if (next === null || definition.maxRuns === null) return definition.runsLeft;
  return leftFrom(compileJob(id, definition), definition, next);
}

/** The last of `count` fire times, or of all if there are fewer; null if it is beyond the horizon. */
function nthFrom(trigger: CompiledTrigger, first: number, count: number): number | null {
  let last = first;
  for (let counted = 1; counted < count; counted++) {
    const fireTime = trigger.nextMs(last);
    if (fireTime === null) break;
    if (fireTime > HORIZON) return null;
    last = fireTime;
  }
  return last;
}
