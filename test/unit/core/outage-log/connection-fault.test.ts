import { ConnectionError, UnexpectedReplyError } from '@carillon/core';
import { ReplyError } from 'ioredis';
import { expect, test } from 'vitest';
import { isConnectionFault, phraseOf, redisOf } from '../../../../packages/core/src/outage-log/connection-fault.js';

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
const coded = (code: string, message = '') => Object.assign(new Error(message), { code });
const ours = (cause: unknown) =>
  new ConnectionError('Redis at h:1 did not answer (x): check that it runs', { cause, redis: 'h:1' });
const REFUSED = coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:6379');

test.each<[Error, string]>([
  [REFUSED, 'the connection was refused (ECONNREFUSED)'],
  [
    Object.assign(new AggregateError([REFUSED], ''), { code: 'ECONNREFUSED' }),
    'the connection was refused (ECONNREFUSED)',
  ],
  [coded('ECONNRESET', 'read ECONNRESET'), 'the connection was reset (ECONNRESET)'],
  [coded('EPIPE', 'write EPIPE'), 'the connection was closed (EPIPE)'],
  [coded('ETIMEDOUT', 'connect ETIMEDOUT'), 'the connection timed out (ETIMEDOUT)'],
  [coded('ENOTFOUND', 'getaddrinfo ENOTFOUND r'), 'its host name is not known (ENOTFOUND)'],
  [coded('EHOSTUNREACH', 'connect EHOSTUNREACH'), 'its host is not reached (EHOSTUNREACH)'],
  [
    named('MaxRetriesPerRequestError', 'Reached the max retries per request limit (which is 1).'),
    'no connection was made',
  ],
  [named('ClusterAllFailedError', 'Failed to refresh slots cache.'), 'no node of the cluster answered'],
  [named('AbortError', 'Command aborted due to connection close'), 'the connection was lost'],
  [new Error('Command timed out'), 'no answer in time'],
  [new Error('Connection is closed.'), 'the connection is closed'],
  [new Error("Stream isn't writeable and enableOfflineQueue options is false"), 'the connection is closed'],
  [new Error('All sentinels are unreachable. Retrying from scratch after 10ms.'), 'no sentinel answered'],
  // Each cause is shown once, however often the errors name it.
  [ours(REFUSED), 'the connection was refused (ECONNREFUSED)'],
  [new Error('it did not begin', { cause: ours(REFUSED) }), 'the connection was refused (ECONNREFUSED)'],
  [ours(new ReplyError('ERR max number of clients reached')), 'ERR max number of clients reached'],
  [ours(new Error('no answer within 4500 ms')), 'no answer within 4500 ms'],
  [
    new ConnectionError('Redis at h:1 refused the login (WRONGPASS): check it'),
    'Redis at h:1 refused the login (WRONGPASS): check it',
  ],
])('%s is one of the connection', (error, phrase) => {
  expect([isConnectionFault(error), phraseOf(error)]).toEqual([true, phrase]);
});

test.each([
  [new Error('x')],
  [new TypeError('Cannot read properties of undefined')],
  [new ReplyError('READONLY You cannot write against a read only replica.')],
  [new UnexpectedReplyError('Redis refused a command: NOREPLICAS Not enough good replicas to write.')],
  [coded('ENOSPC', 'no space left on device')],
  [new Error('x', { cause: new Error('y') })],
  ['Command timed out'],
  [undefined],
  [null],
])('%s is another kind of fault', (error) => {
  expect(isConnectionFault(error)).toBe(false);
});

test('errors that look odd do not count, and do no harm', () => {
  const round = new Error('round');
  round.cause = round;
  const throwing = Object.defineProperty(new Error('x'), 'message', {
    get: () => {
      throw new Error('do not look');
    },
  });
  expect([isConnectionFault(round), isConnectionFault(throwing)]).toEqual([false, false]);
});

test('the phrase is one short line, whatever the message', () => {
  expect(phraseOf(new Error(`${'x'.repeat(1_000)}\n    at somewhere`))).toMatch(/^x{200}$/);
  expect(phraseOf('odd')).toBe('odd');
});

test('which Redis it was', () => {
  expect(redisOf(new Error('x', { cause: ours(REFUSED) }))).toBe('h:1');
  expect([redisOf(REFUSED), redisOf('odd')]).toEqual([undefined, undefined]);
});
