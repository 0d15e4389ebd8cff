import { ConnectionError } from '@carillon/core';
import type { RedisClient } from './connection.js';

const OLDEST_MAJOR_VERSION = 7;

/** Makes sure that a server answers and is new enough. Rejects otherwise. */
export async function checkServer(client: RedisClient): Promise<void> {
  const info = await client.info('server');
  const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  if (!(Number.parseInt(version, 10) >= OLDEST_MAJOR_VERSION)) {
    throw new ConnectionError(
      `this is Redis ${version}: Carillon needs Redis ${OLDEST_MAJOR_VERSION} or newer, or Valkey`,
    );
  }
}
