import { UnexpectedReplyError } from '../errors.js';

/** A script of ours began and broke off: the records that it met are to blame, and it will do so again. */
export class ScriptError extends UnexpectedReplyError {
  override readonly name = UnexpectedReplyError.name;
}
