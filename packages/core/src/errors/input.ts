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

/** A trigger is wrong. The message names the field, the value and what is allowed. */
export class InvalidTriggerError extends CarillonError {
  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_TRIGGER', message, options);
  }
}

/** A fault in the arguments of a call. */
export interface ArgumentIssue {
  /** Such as `args[0].email`. */
  readonly path: string;
  readonly message: string;
}

/** How many issues a message has. */
const MOST_ISSUES = 10;

/**
 * The arguments of a call do not satisfy the schema of its task. A method of a Scheduler throws it if no living worker accepts the
 * arguments; nothing was written. A run ends with it if its worker refuses them: its task was not called, and the run is not retried,
 * whatever `retry` says.
 */
export class InvalidArgumentsError extends CarillonError {
  readonly unrecoverable = true;
  readonly issues: readonly ArgumentIssue[];

  /** @param options `of`: the call, such as `task "mail.send"`, for the message */
  constructor(issues: readonly ArgumentIssue[], options: ErrorOptions & { readonly of?: string | undefined } = {}) {
    const { of, ...others } = options;
    super('INVALID_ARGUMENTS', `${of === undefined ? '' : `${of}: `}${inWords(issues)}`, others);
    this.issues = issues;
  }
}

function inWords(issues: readonly ArgumentIssue[]): string {
  const shown = issues.slice(0, MOST_ISSUES).map(({ path, message }) => `${path}: ${message}`);
  const others = issues.length > MOST_ISSUES ? [`and ${issues.length - MOST_ISSUES} more`] : [];
  return [...shown, ...others].join('; ');
}
