import { type AskedBy, BY_OPTIONS, type By, checkBy } from '../by.js';
import { InvalidOptionsError } from '../errors.js';
import { shown } from '../shown.js';
import type { Adding } from './changing.js';
import { checkNames } from './options.js';
import type { StoreChoice } from './store-choice.js';

/** The options of a call that changes something: its actor, its reason, and its job store. */
export interface ChangeOptions extends StoreChoice, By {}

/** The options of a call that adds jobs. */
export interface AddOptions extends By {
  /**
   * For `addJob` with `replaceExisting`: the `Job.revision` of the job to replace; null if no job has this id. If it differs when the
   * call writes, the call is refused with a `StaleRevisionError`.
   */
  readonly ifRevision?: number | null | undefined;
  /** Nothing is written: the call returns what would be. */
  readonly dryRun?: boolean | undefined;
}

/** The options of a call that changes one job. */
export interface JobChangeOptions extends ChangeOptions {
  /**
   * The `Job.revision` of the job that the caller has read. If the job has changed since, the call is refused with a
   * `StaleRevisionError`.
   */
  readonly ifRevision?: number | undefined;
  /** Nothing is written: the call returns what would be. */
  readonly dryRun?: boolean | undefined;
}

export interface RemoveOptions extends ChangeOptions, Pick<JobChangeOptions, 'ifRevision'> {
  /** Whether its runs are cancelled, too; default: `false`. */
  readonly cancelRuns?: boolean | undefined;
}

/**
 * The same of a call that changes something.
 * @param own the actor of a call that names none.
 * @throws InvalidOptionsError
 */
export function checkChange<T extends ChangeOptions>(
  options: T,
  call: string,
  own: AskedBy,
  others: readonly (keyof T & string)[] = [],
): T & { readonly by: AskedBy } {
  checkNames(options, ['jobStore', ...BY_OPTIONS, ...others], call);
  return { ...options, by: checkBy(options, call, own) };
}

/** @throws InvalidOptionsError */
export function checkJobChange(
  options: JobChangeOptions,
  call: string,
  own: AskedBy,
): JobChangeOptions & { readonly by: AskedBy } {
  const checked = checkChange(options, call, own, ['ifRevision', 'dryRun']);
  checkRevision(checked, call);
  checkDryRun(checked, call);
  return checked;
}

const ADD_JOBS_OPTIONS = [...BY_OPTIONS, 'dryRun'];
const ADD_JOB_OPTIONS = [...ADD_JOBS_OPTIONS, 'ifRevision'];

/** @throws InvalidOptionsError */
export function checkAdding(options: AddOptions, call: string, own: AskedBy): Adding {
  checkNames(options, call === 'addJob' ? ADD_JOB_OPTIONS : ADD_JOBS_OPTIONS, call);
  checkDryRun(options, call);
  const { dryRun, ifRevision } = options;
  if (ifRevision !== null) checkRevision({ ifRevision }, call);
  return { by: checkBy(options, call, own), dryRun, ifRevision };
}

function checkRevision({ ifRevision }: Pick<JobChangeOptions, 'ifRevision'>, call: string): void {
  if (ifRevision === undefined || (Number.isSafeInteger(ifRevision) && ifRevision >= 0)) return;
  throw new InvalidOptionsError(`${call}: ifRevision ${shown(ifRevision)} is not the revision of a job`);
}

function checkDryRun({ dryRun }: AddOptions, call: string): void {
  if (dryRun === undefined || typeof dryRun === 'boolean') return;
  throw new InvalidOptionsError(`${call}: dryRun ${shown(dryRun)} must be true or false`);
}

/** @throws InvalidOptionsError */
export function checkRemoveOptions(options: RemoveOptions, own: AskedBy): RemoveOptions & { readonly by: AskedBy } {
  const checked = checkChange(options, 'removeJob', own, ['cancelRuns', 'ifRevision']);
  checkRevision(checked, 'removeJob');
  checkCancelRuns(checked, 'removeJob');
  return checked;
}

/** @throws InvalidOptionsError */
export function checkCancelRuns({ cancelRuns }: Pick<RemoveOptions, 'cancelRuns'>, call: string): boolean | undefined {
  if (cancelRuns === undefined || typeof cancelRuns === 'boolean') return cancelRuns;
  throw new InvalidOptionsError(`${call}: cancelRuns ${shown(cancelRuns)} must be true or false`);
}
