import { InvalidOptionsError } from '../errors.js';
import { shown } from '../shown.js';
import { checkAliases, checkNames } from './options.js';

export interface DiagnoseOptions {
  /** Aliases of job stores of this scheduler; default: all of them. */
  readonly jobStores?: readonly string[] | undefined;
  /** How many jobs of each are checked, 1 to 100,000; 100,000 where it is left out. */
  readonly jobs?: number | undefined;
}

/** Looking at more jobs than this would take minutes. */
export const MOST_JOBS = 100_000;

/** @throws InvalidOptionsError */
export function checkDiagnose(options: DiagnoseOptions): DiagnoseOptions {
  checkNames(options, ['jobStores', 'jobs'], 'diagnose');
  const { jobStores, jobs = MOST_JOBS } = options;
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MOST_JOBS) {
    throw new InvalidOptionsError(`diagnose: jobs ${shown(jobs)} is not a whole number from 1 to ${MOST_JOBS}`);
  }
  return { jobs, jobStores: jobStores && checkAliases(jobStores) };
}
