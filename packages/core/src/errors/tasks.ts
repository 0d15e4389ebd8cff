import { shown } from '../shown.js';
import { canonicalInstant, instantOf } from '../trigger/instant.js';
import { CarillonError } from './family.js';
import { InvalidOptionsError } from './input.js';

/**
 * A task throws it so that the run is not retried, whatever `retry` says. Workers recognize it by the name `UnrecoverableError`, of the
 * class or of a class above it, or by `unrecoverable: true` on any error. So they also recognize that of another copy of this package,
 * and that of BullMQ.
 */
export class UnrecoverableError extends CarillonError {
  readonly unrecoverable = true;

  constructor(message = 'a retry would not help', options?: ErrorOptions) {
    super('UNRECOVERABLE', message, options);
  }
}

/**
 * A task throws it so that the run is retried at an instant, in place of the delay of `retry`. Workers recognize it by `retryAt` on any
 * error. `attempts` of `retry` limits the attempts; without `retry` there are up to 100.
 */
export class RetryAtError extends CarillonError {
  readonly retryAt: Date;

  /**
   * @param retryAt a Date, ms, or an ISO string with its offset. An instant in the past means at once; one more than a year ahead means
   * in a year.
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
