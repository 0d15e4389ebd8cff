import { checkNames } from './options.js';

/** The job store of a call; default: `'default'`. */
export interface StoreChoice {
  readonly jobStore?: string | undefined;
}

/**
 * The options of a call, which may have these fields in addition to `jobStore`.
 * @throws InvalidOptionsError
 */
export function checkChoice<T extends StoreChoice>(
  options: T,
  call: string,
  others: readonly (keyof T & string)[] = [],
): T {
  checkNames(options, ['jobStore', ...others], call);
  return options;
}
