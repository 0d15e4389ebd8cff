import { UnexpectedReplyError } from '../errors.js';

/** A job store broke off a call because of the records that it found: the same call would fail again. */
export class StoreRefusalError extends UnexpectedReplyError {
  override readonly name = UnexpectedReplyError.name;
}

/** A job store has no room for what a call adds to it. */
export class StoreFullError extends UnexpectedReplyError {
  override readonly name = UnexpectedReplyError.name;
}
