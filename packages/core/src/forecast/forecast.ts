import type { Grid } from './profile.js';
import type { NamedJob, Tally } from './tally.js';

/** The coming fires of a job store, by executor. */
export interface Forecast {
  readonly jobStore: string;
  /** When the first step begins, and the last one ends. */
  readonly from: Date;
  readonly to: Date;
  /** How long one step is: a minute, or an hour. */
  readonly stepMs: number;
  /** Whether all firing is stopped. Then nothing fires until the job store is resumed. */
  readonly paused: boolean;
  /** By alias. */
  readonly executors: readonly ExecutorForecast[];
  /** The steps with the highest load, the worst first. */
  readonly worst: readonly WorstStep[];
  /** How many jobs fire. */
  readonly jobs: number;
  /** How many jobs have a record or a trigger that cannot be read. They are not counted. */
  readonly unreadable: number;
}

export interface ExecutorForecast {
  readonly executor: string;
  /** The fires of each step. A fire that jitter may delay is divided among several steps. */
  readonly fires: readonly number[];
  /** The recent mean duration of a run in a slot, ms, as its living workers report it; null if not known. */
  readonly meanMs: number | null;
  /** The slots of its living workers together, up to its limit in the cluster. */
  readonly slots: number;
  /** How many slots the fires of each step are expected to take: fires × mean / step; null if the mean is not known. */
  readonly slotsTaken: readonly number[] | null;
  /** Whether some counts are estimates, as a trigger fires too often in a step to count its fires one by one. */
  readonly estimated: boolean;
}

export interface WorstStep {
  readonly at: Date;
  readonly executor: string;
  readonly fires: number;
  /** null if not known. */
  readonly slotsTaken: number | null;
  readonly slots: number;
  /** How many jobs fire in it. */
  readonly jobs: number;
  /** At most 10 of these jobs, those that fire most first. */
  readonly named: readonly NamedJob[];
}

/** The capacity of an executor. */
export interface Capacity {
  readonly slots: number;
  readonly meanMs: number | null;
}

/** The forecast of one executor. */
export function executorForecast(
  executor: string,
  tally: Tally,
  { stepMs }: Grid,
  capacity: Capacity,
): ExecutorForecast {
  const { slots, meanMs } = capacity;
  const fires = Array.from(tally.fires, rounded);
  const slotsTaken = meanMs === null ? null : fires.map((count) => rounded((count * meanMs) / stepMs));
  return { executor, fires, meanMs, slots, slotsTaken, estimated: tally.isEstimated };
}

/** The worst steps of all executors: by the share of the slots that is taken, or by fires if that is not known. */
export function worstOf(
  executors: readonly ExecutorForecast[],
  tallies: ReadonlyMap<string, Tally>,
  { from, stepMs }: Grid,
  most: number,
): readonly WorstStep[] {
  const all: { readonly of: ExecutorForecast; readonly step: number; readonly load: number; readonly fires: number }[] =
    [];
  for (const of of executors) {
    for (const [step, fires] of of.fires.entries()) {
      if (fires === 0) continue;
      const taken = of.slotsTaken?.[step] ?? null;
      const load = taken === null ? -1 : taken / Math.max(of.slots, 0.001);
      all.push({ of, step, load, fires });
    }
  }
  all.sort((one, other) => other.load - one.load || other.fires - one.fires || one.step - other.step);
  return all.slice(0, most).map(({ of: { executor, slots, slotsTaken }, step, fires }) => ({
    ...{ at: new Date(from + step * stepMs), executor, fires, slotsTaken: slotsTaken?.[step] ?? null, slots },
    jobs: tallies.get(executor)?.jobs[step] ?? 0,
    named: tallies.get(executor)?.namedOf(step) ?? [],
  }));
}

const rounded = (count: number) => Math.round(count * 1_000) / 1_000;
