/**
 * Calls of one job that ran at the same time, by what its task wrote down.
 * @param {readonly import('./journal.js').Call[]} calls
 * @param {string} jobId
 */
export function overlapsOf(calls, jobId) {
  const inOrder = calls.filter((call) => call.jobId === jobId).sort((a, b) => a.began - b.began);
  return inOrder.filter((call, index) => inOrder.slice(0, index).some(({ ended }) => ended > call.began)).length;
}
