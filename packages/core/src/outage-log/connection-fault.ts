import { ConnectionError } from '../errors.js';

/** What Node's codes mean, in words. */
const CODES: { readonly [code: string]: string } = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  ECONNABORTED: 'the connection was aborted',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'its host is not reached',
  EHOSTDOWN: 'its host is down',
  ENETUNREACH: 'its network is not reached',
  ENETDOWN: 'the network is down',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name could not be looked up',
};

/** What the Redis client says of a connection, by name or by how the message begins, in words. */
const SAYINGS: readonly (readonly [RegExp, string])[] = [
  [/^MaxRetriesPerRequestError/, 'no connection was made'],
  [/^ClusterAllFailedError|: (Failed to refresh slots cache|None of startup nodes)/, 'no node of the cluster answered'],
  [/: Command timed out/, 'no answer in time'],
  [/: (Connection is closed|Stream isn't writeable)/, 'the connection is closed'],
  [/: (Connection lost and command aborted|Command aborted due to connection close)/, 'the connection was lost'],
  [/: All sentinels are unreachable/, 'no sentinel answered'],
];

const DEEPEST = 5;
const LONGEST = 200;

/** Whether an error says that Redis was not reached, or did not answer; also where another one was thrown because of that. */
export function isConnectionFault(error: unknown): error is Error {
  try {
    return isFault(error, DEEPEST);
  } catch {
    // What throws as it is looked at is none of the client's.
    return false;
  }
}

function isFault(error: unknown, depth: number): boolean {
  if (!(error instanceof Error) || depth === 0) return false;
  return error instanceof ConnectionError || inWords(error) !== undefined || isFault(error.cause, depth - 1);
}

/** The Redis that was not reached, as far as the error says. */
export function redisOf(error: unknown, depth = DEEPEST): string | undefined {
  if (!(error instanceof Error) || depth === 0) return undefined;
  return error instanceof ConnectionError ? error.redis : redisOf(error.cause, depth - 1);
}

/** Whether this end closed the connection itself: that says nothing of Redis. */
export function isClosedHere(error: unknown): boolean {
  return phraseOf(error) === 'the connection is closed';
}

/** Why Redis is not reached, in one short phrase. */
export function phraseOf(error: unknown, depth = DEEPEST): string {
  if (!(error instanceof Error)) return String(error);
  const deeper = error.cause instanceof Error && depth > 1 ? error.cause : undefined;
  const words = inWords(error);
  if (words !== undefined) return words;
  if (deeper && (error instanceof ConnectionError || isFault(deeper, depth))) return phraseOf(deeper, depth - 1);
  const [line = ''] = (error.message || error.name).split('\n');
  return line.slice(0, LONGEST);
}

function inWords(error: Error): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && Object.hasOwn(CODES, code)) return `${CODES[code]} (${code})`;
  const said = `${error.name}: ${error.message}`;
  return SAYINGS.find(([saying]) => saying.test(said))?.[1];
}
