import type { Delivery, PackRules, RunRoute, Serving } from '@carillon/core/internal';

const PACK_RULES: PackRules = {
  workMs: 5,
  unknownMs: Number.POSITIVE_INFINITY,
  most: 200,
  perWorker: 2,
  quickMs: 1,
  few: 10,
};

/** What decides how runs share deliveries. */
export interface PackingParts {
  /** What the ids of these deliveries begin with. */
  readonly nonce: string;
  /** Runs of jobs that have just come due, by id. */
  readonly fresh?: ReadonlySet<string>;
  /** By executor. */
  readonly serving?: ReadonlyMap<string, Serving>;
  /** How many deliveries wait in the queue of an executor. */
  readonly waiting?: (executor: string) => number;
  readonly rules?: PackRules | undefined;
}

/**
 * Packs the runs of a page into deliveries. Runs travel together only where they have one executor and one priority, where all of
 * them have just come due or none has, and where so
 * much is known of the executor that no worker is idle while another one has runs that it cannot begin. The order of the page
 * is kept.
 */
export function packed(
  runs: readonly RunRoute[],
  { nonce, fresh = new Set(), serving = new Map(), waiting = () => 0, rules }: PackingParts,
): Delivery[] {
  const lines = linesOf(runs, fresh);
  const due = new Map<string, number>();
  for (const { executor, places } of lines) due.set(executor, (due.get(executor) ?? 0) + places.length);
  const packs = lines.flatMap(({ places, ...line }) => {
    const { executor } = line;
    const size = packSize(due.get(executor) ?? 0, serving.get(executor), waiting(executor), rules);
    return evenly(places, size).map((part) => ({ ...line, first: part[0] ?? 0, part }));
  });
  // Each line began where its first run stood; its packs are among those of the others by where theirs do.
  packs.sort((one, other) => one.first - other.first);
  return packs.map(({ executor, priority, goesAhead, part }, index) => {
    const runIds = part.map((place) => runs[place]?.runId ?? '');
    return { id: `d${nonce}-${index + 1}`, executor, priority, goesAhead, runIds };
  });
}

/** Runs that may travel together, by their places in the page. */
interface Line extends Pick<Delivery, 'executor' | 'priority'> {
  readonly goesAhead: boolean;
  readonly places: number[];
}

/** There are few lines, and mostly a run is of the line of the one before it: that is quicker to see than to look it up. */
function linesOf(runs: readonly RunRoute[], fresh: ReadonlySet<string>): readonly Line[] {
  const lines = new Map<string, Line>();
  let line: Line | undefined;
  for (const [place, { runId, executor, priority }] of runs.entries()) {
    const goesAhead = fresh.has(runId);
    if (line?.executor !== executor || line.priority !== priority || line.goesAhead !== goesAhead) {
      const key = `${priority} ${goesAhead} ${executor}`;
      line = lines.get(key) ?? { executor, priority, goesAhead, places: [] };
      lines.set(key, line);
    }
    line.places.push(place);
  }
  return [...lines.values()];
}

/**
 * How many runs a delivery names, at most. Where the queue holds enough deliveries for every worker, no worker waits for its share
 * of these runs: only their work limits the size.
 * @param due how many runs of its executor are to go out now
 * @param waiting how many deliveries wait in the queue of its executor
 */
export function packSize(
  due: number,
  serving: Serving | undefined,
  waiting = 0,
  rules: PackRules = PACK_RULES,
): number {
  const { workMs, unknownMs, most, perWorker, quickMs, few } = rules;
  if (!serving || serving.isLimited) return 1;
  const within = (ms: number) => Math.floor(ms / (serving.meanMs ?? unknownMs));
  const parts = perWorker * Math.max(1, serving.workers);
  const share = waiting >= parts ? most : Math.floor(due / parts);
  return Math.max(1, Math.min(within(workMs), Math.max(share, Math.min(few, within(quickMs))), most));
}

/** As few parts as may be of at most this size, as equal as may be. */
function evenly(line: readonly number[], size: number): (readonly number[])[] {
  const parts = Math.ceil(line.length / size);
  return Array.from({ length: parts }, (_, part) =>
    line.slice(Math.floor((part * line.length) / parts), Math.floor(((part + 1) * line.length) / parts)),
  );
}

/** Deliveries with no other runs than these. */
export function only(deliveries: readonly Delivery[], given: ReadonlySet<string>): Delivery[] {
  return deliveries.flatMap((delivery) => {
    const runIds = delivery.runIds.filter((runId) => given.has(runId));
    return runIds.length > 0 ? { ...delivery, runIds } : [];
  });
}
