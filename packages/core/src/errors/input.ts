import { CarillonError } from './family.js';

/** An option of a Scheduler, Coordinator or Worker is wrong. */
export class InvalidOptionsError extends CarillonError {
  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_OPTIONS', message, options);
  }
}

/** A job spec or a change to a job is wrong; nothing was written. */
export class InvalidJobError extends CarillonError {
  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_JOB', message, options);
  }
}

/** A trigger is wrong: the message names the field, the value and what is allowed. */
export class InvalidTriggerError extends CarillonError {
  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_TRIGGER', message, options);
  }
}
