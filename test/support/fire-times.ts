import { type IntervalTrigger, interval } from '@carillon/core';

/** A trigger with all its fire times. */
export interface Known {
  readonly trigger: IntervalTrigger;
  /** ms, ascending. */
  readonly fireTimes: readonly number[];
}

/** Returns a trigger with `times` fire times, one each second, the first at least `inMs` from now. */
export function everySecond(times: number, { inMs = 2_000 } = {}): Known {
  const first = Math.ceil((Date.now() + inMs) / 1_000) * 1_000;
  const fireTimes = Array.from({ length: times }, (_, index) => first + index * 1_000);
  const last = fireTimes.at(-1) ?? first;
  return { trigger: interval({ seconds: 1, startAt: new Date(first), endAt: new Date(last) }), fireTimes };
}

/** One fire time of one job. */
export interface Fire {
  readonly jobId: string | null;
  readonly fireTime: number;
}

/** How the fires that were seen differ from the expected ones. */
export interface Difference {
  readonly lost: readonly string[];
  readonly unexpected: readonly string[];
  readonly repeated: readonly string[];
}

export const NO_DIFFERENCE: Difference = { lost: [], unexpected: [], repeated: [] };

/** Every fire of some jobs that share their fire times. */
export function firesOf(jobIds: readonly string[], fireTimes: readonly number[]): readonly Fire[] {
  return jobIds.flatMap((jobId) => fireTimes.map((fireTime) => ({ jobId, fireTime })));
}

export function difference(seen: readonly Fire[], expected: readonly Fire[]): Difference {
  const seenNames = seen.map(nameOf);
  const wanted = new Set(expected.map(nameOf));
  const once = new Set<string>();
  const repeated = seenNames.filter((name) => once.size === once.add(name).size);
  return {
    lost: [...wanted].filter((name) => !once.has(name)),
    unexpected: [...once].filter((name) => !wanted.has(name)),
    repeated,
  };
}

function nameOf({ jobId, fireTime }: Fire): string {
  return `${jobId} at ${new Date(fireTime).toISOString()}`;
}
