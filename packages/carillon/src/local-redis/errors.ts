/** There is no Redis to use. The message says what to do. */
export class NoRedisError extends Error {
  readonly code = 'NO_REDIS';
  override readonly name = 'NoRedisError';
}

/** The port is no longer free: another program took it first. */
export class PortTakenError extends NoRedisError {}

/** Returns the error that no way to start a Redis works here; each reason is that of one way. */
export function noWay(reasons: readonly string[]): NoRedisError {
  return new NoRedisError(
    [
      'there is no Redis, and none could be started here:',
      ...reasons.map((reason) => `  - ${reason}`),
      'Do one of these, then try again:',
      '  - install it:          sudo apt-get install -y redis-server    (macOS: brew install redis)',
      '  - or start Docker:     sudo systemctl start docker             (macOS: open -a Docker)',
      '  - or name one you run: export REDIS_URL=redis://127.0.0.1:6379',
    ].join('\n'),
  );
}

/** REDIS_URL names a Redis that cannot be used. */
export function unanswered(url: string, cause: unknown): NoRedisError {
  return new NoRedisError(
    `REDIS_URL is set, but the Redis at ${place(url)} does not answer PING (${reasonOf(cause)}). ` +
      'Start it or correct REDIS_URL (redis://user:password@host:port); or `unset REDIS_URL` to have one started.',
    { cause },
  );
}

/** Host and port of a Redis URL, without the password that it may hold. */
export function place(url: string): string {
  return URL.canParse(url) ? new URL(url).host || 'an address without a host' : 'an address that is not a URL';
}

/** Returns the text of an error. A refused connection to a name with two addresses has its text in the code only. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || String((error as NodeJS.ErrnoException).code ?? error.name);
}
