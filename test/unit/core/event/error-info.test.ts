import { errorInfo } from '@carillon/core/internal';
import { expect, test } from 'vitest';

const throwing = (): never => {
  throw new Error('do not look');
};

test.each([
  ['an error whose message throws', Object.defineProperty(new Error('x'), 'message', { get: throwing })],
  ['a proxy that is closed', new Proxy({}, { get: throwing, getPrototypeOf: throwing })],
  ['what only looks like an error of the platform', Object.create(DOMException.prototype)],
])('the error of %s has a text', (_, thrown) => {
  expect(errorInfo(thrown)).toEqual({ name: 'Error', message: 'something that cannot be written was thrown' });
});
