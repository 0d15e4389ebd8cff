import type { AskedBy } from '../by.js';
import { InvalidOptionsError } from '../errors.js';
import { shown } from '../shown.js';
import { type ChangeOptions, checkChange } from './change-options.js';

/** The options of a call that changes, removes or runs many jobs. */
export interface BulkOptions extends ChangeOptions {
  /** How many jobs the filter matches, 0 to 100,000, as `countJobs` or a list shows. If the number differs, nothing is changed. */
  readonly expected: number;
}

export interface BulkRemoveOptions extends BulkOptions {
  /** Whether their runs are cancelled, too; default: `false`. */
  readonly cancelRuns?: boolean | undefined;
}

const MOST_EXPECTED = 100_000;

/** The options of a call that does the same with many jobs. @throws InvalidOptionsError */
export function checkBulk<T extends BulkOptions>(
  options: T,
  call: string,
  own: AskedBy,
  others: readonly (keyof T & string)[] = [],
): T & { readonly by: AskedBy } {
  const checked = checkChange(options, call, own, ['expected', ...others]);
  const { expected } = checked;
  if (Number.isInteger(expected) && expected >= 0 && expected <= MOST_EXPECTED) return checked;
  throw new InvalidOptionsError(
    `${call}: expected ${shown(expected)} is not a whole number from 0 to ${MOST_EXPECTED}: give how many jobs the filter matches, as \`countJobs\` returns it`,
  );
}
