import { UnexpectedReplyError } from '../errors.js';

/** Redis has reached its `maxmemory`, and takes nothing that adds to what it keeps. */
export class RedisFullError extends UnexpectedReplyError {
  override readonly name = UnexpectedReplyError.name;

  constructor() {
    super(
      'Redis refused a command: OOM, it has reached its maxmemory; remove or pause jobs, wait until workers have done more runs, or raise maxmemory',
    );
  }
}
