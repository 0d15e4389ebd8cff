import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';

/** The Redis of this run. */
export const redisUrl = (): string => inject('redisUrl');

/** A key prefix that no other test has: test files run side by side. */
export const ownPrefix = (): string => `t-${randomBytes(4).toString('hex')}`;
