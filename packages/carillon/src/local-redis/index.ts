/**
 * Finds or starts a Redis without anything having been set up: for the demo, the tests and `carillon dev`. What is
 * started here never outlives the process that asked for it.
 */
export { NoRedisError } from './errors.js';
export { type FindRedisOptions, type FoundRedis, findRedis } from './find.js';
export type { RedisServer, StartRedisOptions } from './server.js';
export { startRedis } from './start.js';
