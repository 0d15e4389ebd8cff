import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './connection.js';

/** So long without an answer, and a connection is given up. Longer than Redis is kept busy by what is usual. */
const DEAD_MS = 10_000;

/**
 * Gives up connections that have become dead ends, as where the machine of a server is gone: nothing tells of that. Whoever
 * waits for an answer would wait until the operating system gives up, a quarter of an hour; whoever only listens, for hours.
 */
export function leaveDeadEnds(client: RedisClient, onDeadEnd: (error: Error) => void): void {
  const askedAt = new Map<Redis, number>();
  const look = () => {
    for (const connection of client instanceof Cluster ? client.nodes() : [client]) {
      const since = askedAt.get(connection);
      if (connection.status !== 'ready' && connection.status !== 'connect') {
        askedAt.delete(connection);
      } else if (since === undefined) {
        askedAt.set(connection, performance.now());
        void answered(connection).then(() => askedAt.delete(connection));
      } else if (performance.now() - since >= DEAD_MS) {
        askedAt.delete(connection);
        onDeadEnd(new Error(`no answer within ${DEAD_MS} ms: the connection is given up`));
        connection.disconnect(true);
      }
    }
  };
  const timer = setInterval(look, DEAD_MS / 2).unref();
  client.once('end', () => clearInterval(timer));
}

/** Resolves once the server has said anything, or the connection is lost. */
async function answered(connection: Redis): Promise<void> {
  try {
    await connection.ping();
  } catch (error) {
    // The client's limit for each command says nothing of the connection.
    if (error instanceof Error && error.message === 'Command timed out') await answered(connection);
  }
}
