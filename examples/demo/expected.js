/** The demo's clock is set by that of Redis; they may differ by as much. */
const CLOCK_MARGIN_MS = 50;

/**
 * When the demo asked Carillon for a change, and when it had the answer, ms. In between, the change took effect.
 * @typedef {{ asked: number, answered: number }} Moment
 *
 * Fire times of one job. `possible` are those that fell into the very moment of adding or removing it: they may, or may not,
 * have counted. There are none unless the machine is very slow, as the demo keeps clear of fire times.
 * @typedef {{ jobId: string, certain: readonly number[], possible: readonly number[] }} ExpectedFires
 */

/**
 * Which fire times of a job are to be seen.
 * @param {{ id: string, trigger: string, fireTimes: readonly number[] }} job
 * @param {Moment} added
 * @param {Moment} [removed]
 * @returns {ExpectedFires}
 */
export function expectedFires({ id, trigger, fireTimes }, added, removed) {
  // A date that has passed is due at once; any other trigger counts from when it was added.
  if (trigger === 'date') return { jobId: id, certain: fireTimes, possible: [] };
  const from = { before: added.asked - CLOCK_MARGIN_MS, after: added.answered + CLOCK_MARGIN_MS };
  const to = removed
    ? { before: removed.asked - CLOCK_MARGIN_MS, after: removed.answered + CLOCK_MARGIN_MS }
    : { before: Number.POSITIVE_INFINITY, after: Number.POSITIVE_INFINITY };
  const isCertain = (at) => at > from.after && at <= to.before;
  const isPossible = (at) => at > from.before && at <= to.after && !isCertain(at);
  return { jobId: id, certain: fireTimes.filter(isCertain), possible: fireTimes.filter(isPossible) };
}
