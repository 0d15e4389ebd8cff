import type { NextMs } from '../trigger/compiled-trigger.js';

/** Equal steps of time, from an instant on; ms. */
export interface Grid {
  readonly from: number;
  readonly stepMs: number;
  readonly count: number;
}

/** How often a trigger fires in each step of a grid. */
export interface Profile {
  /** The first fire time that is counted, ms; null if there is none. */
  readonly first: number | null;
  /** The steps with fires, ascending. */
  readonly steps: readonly number[];
  /** The fires of each of these steps. */
  readonly fires: readonly number[];
  /** Whether some steps have too many fires to count them one by one. */
  readonly isEstimated: boolean;
}

/** The most fires of one step that are counted one by one: one for each second of a minute or an hour. */
const mostOf = ({ stepMs }: Grid) => Math.ceil(stepMs / 1_000) + 1;

/** The fires after an instant and up to `until`, within the grid. */
export function profileOf(nextMs: NextMs, grid: Grid, after: number, until = Number.POSITIVE_INFINITY): Profile {
  const { from, stepMs, count } = grid;
  const most = mostOf(grid);
  const end = Math.min(from + count * stepMs - 1, until);
  const [steps, fires]: [number[], number[]] = [[], []];
  let isEstimated = false;
  const first = nextMs(Math.max(after, from - 1));
  for (let at = first; at !== null && at <= end; ) {
    const step = Math.floor((at - from) / stepMs);
    const next = from + (step + 1) * stepMs;
    let counted = 0;
    let last = at;
    for (; at !== null && at < next && at <= end && counted < most; at = nextMs(at)) {
      counted += 1;
      last = at;
    }
    steps.push(step);
    if (at !== null && at < next && at <= end) {
      isEstimated = true;
      // The rest of the step counts as many fires as fit into it at the same distances as those before.
      const begin = from + step * stepMs;
      fires.push((counted * stepMs) / Math.max(1, last + 1 - begin));
      at = nextMs(next - 1);
    } else {
      fires.push(counted);
    }
  }
  return { first: first !== null && first <= end ? first : null, steps, fires, isEstimated };
}

/** The fires at `first` and each `everyMs` after it, within the grid. It takes as many operations as the grid has steps. */
export function profileOfBeat(first: number, everyMs: number, grid: Grid): Profile {
  const { from, stepMs, count } = grid;
  const end = from + count * stepMs;
  const begin = first >= from ? first : first + Math.ceil((from - first) / everyMs) * everyMs;
  const [steps, fires]: [number[], number[]] = [[], []];
  for (let at = begin; at < end; ) {
    const step = Math.floor((at - from) / stepMs);
    const counted = Math.ceil((from + (step + 1) * stepMs - at) / everyMs);
    steps.push(step);
    fires.push(counted);
    at += counted * everyMs;
  }
  return { first: begin < end ? begin : null, steps, fires, isEstimated: false };
}

/** The profile of one fire. An instant outside the grid has none. */
export function profileOfOne(at: number, { from, stepMs, count }: Grid): Profile {
  const step = Math.floor((at - from) / stepMs);
  const isIn = step >= 0 && step < count;
  return { first: isIn ? at : null, steps: isIn ? [step] : [], fires: isIn ? [1] : [], isEstimated: false };
}

/** Returns the profile with each fire divided equally among the steps to which its jitter may delay it. */
export function spread(profile: Profile, jitterMs: number, { stepMs, count }: Grid): Profile {
  const width = Math.ceil(jitterMs / stepMs);
  if (width <= 1 || profile.steps.length === 0) return profile;
  const changes = new Float64Array(count + 1);
  for (const [place, step] of profile.steps.entries()) {
    const part = (profile.fires[place] ?? 0) / width;
    changes[step] = (changes[step] ?? 0) + part;
    const end = Math.min(count, step + width);
    changes[end] = (changes[end] ?? 0) - part;
  }
  const [steps, fires]: [number[], number[]] = [[], []];
  let sum = 0;
  for (let step = 0; step < count; step++) {
    sum += changes[step] ?? 0;
    if (sum < 1e-9) continue;
    steps.push(step);
    fires.push(sum);
  }
  return { ...profile, steps, fires };
}
