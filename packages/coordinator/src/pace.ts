/**
 * The least time from a page that claims something to the next one: what becomes due meanwhile shares its calls. For each run of the page
 * it is a little longer, up to a limit, ms: a page costs as much as dozens of runs.
 */
const GATHER_MS = 5;
const GATHER_MS_A_RUN = 0.2;
const LONGEST_GATHER_MS = 15;

/** The least time from a page of this many claims to the reading of the next one, ms. */
export function gatherMs(claims: number): number {
  return claims === 0 ? 0 : Math.min(LONGEST_GATHER_MS, GATHER_MS + GATHER_MS_A_RUN * claims);
}

/** How much work in a queue is enough for its workers until the leader brings more, ms. */
const ENOUGH_MS = 250;
/** Workers that are busy for longer are slow, or gone: a leader cannot help. */
const SLOW_MS = 5_000;
/** The longest that a leader rests between two pages, ms. */
const LONGEST_MS = 100;
/** Which share of a page's due jobs must have a run that waits or is at work before it is useless to claim more of them. */
const VAIN_SHARE = 0.2;

/** What came of a page of claims. */
export interface ClaimedPage {
  /** How many were to have a run. */
  readonly asked: number;
  /** How many of those have one. */
  readonly submitted: number;
  /** For each executor of those runs: how long the deliveries that wait in its queue keep workers busy, ms. */
  readonly busyMs: readonly number[];
}

/**
 * How long a leader leaves the other due jobs alone, ms. If jobs fire faster than their workers run them, claiming them faster
 * does not help: it finds that their last runs have not begun, and takes processor time from the workers. The fire times of jobs that are left
 * alone are coalesced into one run later, or are missed, as the job says. If one executor of a page has little to do, or is slow, the leader
 * goes on at once: other executors' jobs must not wait for that.
 */
export function restMsAfter({ asked, submitted, busyMs }: ClaimedPage): number {
  const isVain = asked > 0 && asked - submitted >= VAIN_SHARE * asked;
  if (!isVain || busyMs.some((ms) => !(ms > ENOUGH_MS && ms < SLOW_MS))) return 0;
  return Math.min(LONGEST_MS, ...busyMs.map((ms) => ms - ENOUGH_MS));
}
