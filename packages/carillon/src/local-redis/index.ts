/**
 * Finds or starts a Redis without any setup, for the demo, the tests and `carillon dev`. A server that is started here ends with the
 * process that started it.
 */
export { NoRedisError } from './errors.js';
export { type FindRedisOptions, type FoundRedis, findRedis } from './find.js';
export type { RedisServer, StartRedisOptions } from './server.js';
export { startRedis } from './start.js';
