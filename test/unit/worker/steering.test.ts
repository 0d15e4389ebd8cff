import { RetryAtError, UnrecoverableError } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import { steeringOf } from '../../../packages/worker/src/executors/steering.js';

const AT = Date.UTC(2026, 0, 1);
/** As BullMQ defines it. */
const bullmq = (() => {
  class UnrecoverableError extends Error {
    constructor(message?: string) {
      super(message);
      this.name = this.constructor.name;
    }
  }
  return UnrecoverableError;
})();
class Refused extends bullmq {}
class OrderError extends Error {}
class ClosedOrderError extends OrderError {
  override name = 'Closed';
}
const plain = { unrecoverable: false, retryAt: null };

describe('what an error says about trying again', () => {
  it.each<[string, unknown, object]>([
    ['nothing', new Error('no'), { names: ['Error'], ...plain }],
    ['its name, which is that of a built-in class', new TypeError('no'), { names: ['TypeError'], ...plain }],
    ['the name of its class where it sets none', new OrderError(), { names: ['Error', 'OrderError'], ...plain }],
    ['its names', new ClosedOrderError(), { names: ['Closed', 'ClosedOrderError', 'OrderError'], ...plain }],
    ['never', new UnrecoverableError(), { unrecoverable: true, retryAt: null }],
    ['never, as one of BullMQ', new bullmq('no'), { unrecoverable: true }],
    [
      'never, as one of a class above it',
      new Refused('no'),
      { names: ['Refused', 'UnrecoverableError'], unrecoverable: true },
    ],
    ['never, by its name', Object.assign(new Error(), { name: 'UnrecoverableError' }), { unrecoverable: true }],
    ['never, by a property', Object.assign(new TypeError(), { unrecoverable: true }), { unrecoverable: true }],
    ['nothing by a property that is not true', Object.assign(new Error(), { unrecoverable: 'yes' }), plain],
    ['when', new RetryAtError(new Date(AT)), { retryAt: AT, unrecoverable: false }],
    ['when, as ms', new RetryAtError(AT), { retryAt: AT }],
    ['when, in words', new RetryAtError('2026-01-01T01:00:00+01:00'), { retryAt: AT }],
    ['when, by a property', Object.assign(new Error(), { retryAt: new Date(AT) }), { retryAt: AT }],
    ['when, as ms by a property', Object.assign(new Error(), { retryAt: AT + 0.4 }), { retryAt: AT }],
    ['when, in words by a property', Object.assign(new Error(), { retryAt: '2026-01-01T00:00:00Z' }), { retryAt: AT }],
    ['when, though it is not an Error', { retryAt: AT }, { retryAt: AT }],
    ...[new Date(Number.NaN), Number.NaN, 1e300, 'soon', '2026-01-01T00:00:00', '', null, {}, true, 5n].map(
      (retryAt): [string, unknown, object] => [
        'nothing by what is not an instant',
        Object.assign(new Error(), { retryAt }),
        plain,
      ],
    ),
    ...[undefined, null, 'no', 5, Symbol('no')].map((thrown): [string, unknown, object] => [
      'nothing where it is not an object',
      thrown,
      { names: ['Error'], ...plain },
    ]),
    ['nothing where it has no class', Object.create(null), { names: [], ...plain }],
    [
      'nothing where it throws itself',
      new Proxy(new Error(), {
        get: () => {
          throw new Error('no');
        },
      }),
      { names: ['Error'], ...plain },
    ],
    [
      'no name that is too long',
      Object.assign(new TypeError(), { name: 'x'.repeat(256) }),
      { names: ['TypeError'], ...plain },
    ],
  ])('%s', (_, thrown, said) => {
    expect(steeringOf(thrown)).toMatchObject(said);
  });

  it('a wrong instant is refused where it is thrown', () => {
    for (const none of ['soon', Number.NaN, new Date(Number.NaN), 1e300, null])
      expect(() => new RetryAtError(none as never)).toThrow(/retryAt: .* is not an instant/);
  });
});
