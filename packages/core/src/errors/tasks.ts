import { shown } from '../shown.js';
import { canonicalInstant, instantOf } from '../trigger/instant.js';
import { CarillonError } from './family.js';
import { InvalidOptionsError } from './input.js';

/**
 * A task throws it so that the run is not tried again, whatever `retry` says. It is recognized by its name, `UnrecoverableError`, or that
 * of a class above it, or by `unrecoverable: true` on any error: also that of another copy of this package, or of BullMQ.
 */
export class UnrecoverableError extends CarillonError {
  readonly unrecoverable = true;

  constructor(message = 'this cannot be helped by trying again', options?: ErrorOptions) {
    super('UNRECOVERABLE', message, options);
  }
}

/**
 * A task throws it so that the run is tried again at an instant, in place of the delay of `retry`. It is recognized by `retryAt` on any
 * error. `attempts` of `retry` says how often; without `retry` it is tried up to 100 times.
 */
export class RetryAtError extends CarillonError {
  readonly retryAt: Date;

  /**
   * @param retryAt a Date, ms, or an ISO string with its offset. In the past: at once. Later than in a year: in a year.
   * @throws InvalidOptionsError if it is not an instant
   */
  constructor(retryAt: Date | number | string, message = 'not yet', options?: ErrorOptions) {
    super('RETRY_AT', message, options);
    const instant =
      typeof retryAt === 'number' ? new Date(retryAt) : new Date(instantOf(canonicalInstant(retryAt) as string));
    if (Number.isNaN(instant.getTime())) {
      const given = 'give a Date, ms, or an ISO string with its offset';
      throw new InvalidOptionsError(`retryAt: ${shown(retryAt)} is not an instant: ${given}`);
    }
    this.retryAt = instant;
  }
}
