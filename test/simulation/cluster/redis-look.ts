type Pairs = readonly string[];

/** The contents of the keys as Redis returns them: members and scores, or fields and values, in turn. `runs` has the first three lines. */
export interface Look
  extends Readonly<Record<'schedule' | 'held' | 'instances' | 'runs' | 'waiting' | 'outbox' | 'leases', Pairs>> {
  /** The runs that have a body. */
  readonly bodies: readonly string[];
  readonly progress: readonly string[];
  readonly paused: boolean;
  /** By job. */
  readonly live: readonly (string | Pairs)[];
  /** The entries that were added to the log, with their ids. */
  readonly log: readonly (readonly [id: string, fields: readonly string[]])[];
}

export const NOTHING: Look = {
  paused: false,
  schedule: [],
  held: [],
  instances: [],
  runs: [],
  bodies: [],
  progress: [],
  live: [],
  waiting: [],
  outbox: [],
  leases: [],
  log: [],
};

/** Returns a look in the form in which a job store in memory shows its contents. */
export function seen({
  paused,
  schedule,
  held,
  instances,
  runs,
  bodies,
  progress,
  live,
  waiting,
  outbox,
  leases,
}: Look) {
  return {
    paused,
    schedule: numbers(schedule),
    held: numbers(held),
    instances: numbers(instances),
    runs: new Map(pairs(runs).map(([runId, header]) => [runId, runOf(header)])),
    bodies: new Set(bodies),
    progress: new Set(progress),
    live: new Map(pairs(live).map(([jobId, ofJob]) => [String(jobId), numbers(ofJob as Pairs)])),
    waiting: new Map(pairs(waiting)),
    outbox: numbers(outbox),
    leases: numbers(leases),
  };
}

function pairs<T>(list: readonly T[]): [T, T][] {
  return Array.from({ length: list.length / 2 }, (_, index) => list.slice(2 * index, 2 * index + 2) as [T, T]);
}

function numbers(list: Pairs): Map<string, number> {
  return new Map(pairs(list).map(([name, number]) => [name, Number(number)]));
}

/** The first line has the delivery (second word), the token (third) and the mark of a cancelled run (eighth). The third line ends with the job. */
function runOf(header: string) {
  const [first = '', , third = ''] = header.split('\n');
  const words = first.split(' ');
  return {
    jobId: third.split(' ').slice(7).join(' ') || null,
    deliveryId: words[1] === '-' ? null : (words[1] ?? null),
    token: words[2] === '-' ? null : (words[2] ?? null),
    cancelled: words[7] === 'c',
  };
}
