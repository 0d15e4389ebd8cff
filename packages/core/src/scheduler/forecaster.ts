import { z } from 'zod';
import { InvalidOptionsError } from '../errors.js';
import { type Capacity, executorForecast, type Forecast, worstOf } from '../forecast/forecast.js';
import { FirePlan } from '../forecast/job-fires.js';
import type { Grid } from '../forecast/profile.js';
import { Tally } from '../forecast/tally.js';
import { EACH_JOB } from '../job/filter.js';
import type { JobPage, StoredJob } from '../ports/job-records.js';
import type { JobStore } from '../ports/job-store.js';
import type { StoreLook } from '../ports/store-look.js';
import { isLiving } from '../run/task-places.js';
import { shown } from '../shown.js';
import { checkChoice, type StoreChoice } from './store-choice.js';

export interface ForecastOptions extends StoreChoice {
  /** When the forecast begins; default, and earliest: the present, by the store's clock. */
  readonly from?: Date | undefined;
  /** When it ends; default: 24 hours after `from`. There are at most 10,080 steps: 7 days of minutes. */
  readonly to?: Date | undefined;
  /** How long a step is; default: `'minute'`. */
  readonly by?: 'minute' | 'hour' | undefined;
  /** Only the fires of this executor. */
  readonly executor?: string | undefined;
  /** How many of the worst steps are named, up to 100; default: 10. */
  readonly worst?: number | undefined;
}

const STEPS = { minute: 60_000, hour: 3_600_000 };
const MOST_STEPS = 10_080;
const DAY_MS = 86_400_000;
const AT_ONCE = 1_000;
const INSPECTED = { runs: 500, quarantined: 0 };
/** After how long other work has its turn in this process. */
const TURN_MS = 20;

/** Works out what is to fire in a job store: reads a page of its jobs at a time, and keeps none of them. */
export class Forecaster {
  readonly #store: JobStore;
  readonly #totals = { jobs: 0, unreadable: 0 };
  readonly #tallies = new Map<string, Tally>();

  constructor(store: JobStore) {
    this.#store = store;
  }

  /** @throws InvalidOptionsError */
  async forecast(options: ForecastOptions): Promise<Forecast> {
    const { by = 'minute', executor, worst = 10 } = checkForecast(options);
    const look = await this.#store.records.inspect(INSPECTED);
    const grid = gridOf(options, STEPS[by], look.now);
    const plan = new FirePlan(grid, look.now);
    const to = grid.from + grid.count * grid.stepMs;
    const read = (cursor: string | null) => {
      const match = { ...EACH_JOB, state: 'scheduled' as const, dueBefore: to, executor: executor ?? null };
      return this.#store.records.find({ match, limit: AT_ONCE, looks: AT_ONCE, cursor });
    };
    let page: Promise<JobPage> | null = read(null);
    while (page) {
      const { jobs, cursor }: JobPage = await page;
      // The next page is on its way meanwhile.
      page = cursor === null ? null : read(cursor);
      page?.catch(() => {});
      await this.#count(jobs, plan, grid, executor);
    }
    for (const tally of this.#tallies.values()) tally.flush();
    const capacity = capacityOf(look);
    const aliases = [...this.#tallies.keys()].sort();
    const executors = aliases.map((alias) =>
      executorForecast(
        alias,
        this.#tallies.get(alias) ?? new Tally(grid),
        grid,
        capacity.get(alias) ?? { slots: 0, meanMs: null },
      ),
    );
    return {
      ...{ jobStore: this.#store.alias, from: new Date(grid.from), to: new Date(to), stepMs: grid.stepMs },
      ...{ paused: look.paused, executors, worst: worstOf(executors, this.#tallies, grid, worst) },
      ...this.#totals,
    };
  }

  async #count(jobs: JobPage['jobs'], plan: FirePlan, grid: Grid, only: string | undefined): Promise<void> {
    let begun = performance.now();
    for (const job of jobs) {
      if ('why' in job) this.#totals.unreadable += 1;
      else this.#countOne(job, plan, grid, only);
      if (performance.now() - begun < TURN_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      begun = performance.now();
    }
  }

  #countOne(job: StoredJob, plan: FirePlan, grid: Grid, only: string | undefined): void {
    try {
      const fires = plan.firesOf(job);
      if (!fires || (only !== undefined && fires.executor !== only)) return;
      const tally = this.#tallies.get(fires.executor) ?? new Tally(grid);
      this.#tallies.set(fires.executor, tally);
      for (const profile of fires.own) tally.add(profile, [job.id], 1);
      if (fires.key !== null) tally.addShared(fires.key, job.id, fires.shared);
      this.#totals.jobs += 1;
    } catch {
      this.#totals.unreadable += 1;
    }
  }
}

function checkForecast(options: ForecastOptions): ForecastOptions {
  checkChoice(options, 'forecast', ['from', 'to', 'by', 'executor', 'worst']);
  const { from, to, by = 'minute', executor, worst = 10 } = options;
  const refuse = (what: string) => new InvalidOptionsError(`forecast: ${what}`);
  for (const [name, at] of Object.entries({ from, to })) {
    if (at !== undefined && !(at instanceof Date && !Number.isNaN(at.getTime())))
      throw refuse(`${name} ${shown(at)} is not a valid Date`);
  }
  if (!Object.hasOwn(STEPS, by)) throw refuse(`by ${shown(by)} is not a step: there are minute, hour`);
  if (executor !== undefined && typeof executor !== 'string')
    throw refuse(`executor ${shown(executor)} is not an alias`);
  if (!Number.isInteger(worst) || worst < 0 || worst > 100)
    throw refuse(`worst ${shown(worst)} is not a whole number from 0 to 100`);
  return options;
}

/** Whole steps, from the one in which the forecast begins. */
function gridOf({ from, to }: ForecastOptions, stepMs: number, now: number): Grid {
  const begin = Math.max(from?.getTime() ?? now, now);
  const first = begin - (begin % stepMs);
  const end = to?.getTime() ?? begin + DAY_MS;
  const count = Math.ceil((end - first) / stepMs);
  if (end > begin && count <= MOST_STEPS) return { from: first, stepMs, count };
  if (end <= begin) throw new InvalidOptionsError(`forecast: to ${new Date(end).toISOString()} is not after from`);
  throw new InvalidOptionsError(
    `forecast: there are ${count} steps between from and to, and at most ${MOST_STEPS} are allowed: give an earlier \`to\`, or by: 'hour'`,
  );
}

const workerSchema = z.object({
  executors: z.array(
    z.object({ alias: z.string(), concurrency: z.number(), meanMs: z.number().nullable().default(null) }),
  ),
  leaseMs: z.number(),
});

/** What living workers have, by executor: the mean is that of the slowest of them. */
function capacityOf({ now, workers, queues }: StoreLook): ReadonlyMap<string, Capacity> {
  const known = new Map<string, Capacity>();
  for (const { heardAt, json } of workers) {
    const { data } = workerSchema.safeParse(parsed(json));
    if (!data || !isLiving(now - heardAt, data.leaseMs)) continue;
    for (const { alias, concurrency, meanMs } of data.executors) {
      const { slots = 0, meanMs: longest = null } = known.get(alias) ?? {};
      const longer = meanMs === null || longest === null ? (meanMs ?? longest) : Math.max(meanMs, longest);
      known.set(alias, { slots: slots + concurrency, meanMs: longer });
    }
  }
  for (const { executor, globalConcurrency } of queues) {
    const of = known.get(executor);
    if (of && globalConcurrency !== null) known.set(executor, { ...of, slots: Math.min(of.slots, globalConcurrency) });
  }
  return known;
}

function parsed(json: string | null): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    return null;
  }
}
