import { getHeapStatistics } from 'node:v8';

/**
 * A remembered job takes at most about 1.4 KB without arguments. This allows a sixth of the heap for jobs that go on firing; jobs that are read
 * ahead may take half as much.
 */
const HEAP_A_JOB = 8 * 2 ** 10;
/** Twice what fires in turn at four times the highest load that a cluster was seen to keep up with. */
const MOST = 250_000;

/**
 * How many jobs a leader remembers, so that it does not read them again at each fire. A process with a small heap remembers fewer.
 * @param heapLimit the bytes to which the heap may grow
 */
export function mostRememberedJobs(heapLimit = getHeapStatistics().heap_size_limit): number {
  return Math.min(MOST, Math.floor(heapLimit / HEAP_A_JOB));
}
