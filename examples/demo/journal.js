import { appendFileSync, openSync, readFileSync } from 'node:fs';

/**
 * One call of a task, written down by the task itself.
 * @typedef {object} Call
 * @property {string} jobId
 * @property {number} fireTime ms
 * @property {'executed' | 'failed'} outcome
 * @property {number} began ms
 * @property {number} ended ms
 * @property {string} worker
 */

/** For tasks: appends calls to a file that all workers share. Carillon knows nothing of it. */
export function openJournal(path) {
  const file = openSync(path, 'a');
  return (/** @type {Call} */ call) => appendFileSync(file, `${JSON.stringify(call)}\n`);
}

/** @returns {Call[]} every call, in the order in which they ended */
export function readJournal(path) {
  const lines = readFileSync(path, { encoding: 'utf8', flag: 'a+' }).split('\n');
  // The last part is empty, or a line that is being written.
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}
