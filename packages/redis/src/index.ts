import { provideRedis } from '@carillon/core/internal';
import { RedisBackend } from './backend.js';

provideRedis((options) => new RedisBackend(options));

export { RedisBackend } from './backend.js';
export { eventsOf } from './store/log-entry.js';
