import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './connection.js';

const LOOK_MS = 5_000;
/** A connection is given up after this many looks without an answer, 10 s: usual work keeps Redis busy for less. */
const MOST_LOOKS = 2;

/**
 * Gives up connections that have become dead ends, for example because the machine of a server is gone: nothing reports that. The operating
 * system gives up after a quarter of an hour if a caller waits for an answer, and after hours if a client only listens.
 */
export function leaveDeadEnds(client: RedisClient, onDeadEnd: (error: Error) => void): void {
  /** How many looks ago each was asked. Looks, not time: what arrived while a task blocked the process is read before the next look. */
  const asked = new Map<Redis, number>();
  const heard = new Heard();
  const look = () => {
    for (const connection of client instanceof Cluster ? client.nodes() : [client]) {
      const looks = asked.get(connection);
      const hasAnswered = heard.hasAnswered(connection);
      if (connection.status !== 'ready' && connection.status !== 'connect') {
        asked.delete(connection);
      } else if (looks === undefined) {
        if (hasAnswered) continue;
        asked.set(connection, 0);
        void answered(connection).then(() => {
          asked.delete(connection);
          heard.note(connection);
        });
      } else if (looks + 1 < MOST_LOOKS) {
        asked.set(connection, looks + 1);
      } else {
        asked.delete(connection);
        onDeadEnd(new Error(`no answer for ${(MOST_LOOKS * LOOK_MS) / 1_000} s: the connection is given up`));
        connection.disconnect(true);
      }
    }
  };
  const timer = setInterval(look, LOOK_MS).unref();
  client.once('end', () => clearInterval(timer));
}

/** How many bytes connections have received. */
class Heard {
  readonly #bytes = new WeakMap<Redis['stream'], number>();

  /** Notes how much a connection has received. What arrives after this is news. */
  note({ stream }: Redis): void {
    // A connection that was never made has no stream.
    if (stream) this.#bytes.set(stream, stream.bytesRead);
  }

  /** Whether something has arrived since the last look, and no caller waits for an answer. If so, the server need not be asked. */
  hasAnswered(connection: Redis): boolean {
    const { stream, commandQueue } = connection;
    const before = stream && this.#bytes.get(stream);
    this.note(connection);
    return before !== undefined && stream.bytesRead > before && commandQueue.length === 0;
  }
}

/** Resolves once the server has answered anything, or the connection is lost. */
export async function answered(connection: Redis): Promise<void> {
  try {
    await connection.ping();
  } catch (error) {
    // The client's own limit for commands says nothing about the connection.
    if (error instanceof Error && error.message === 'Command timed out') await answered(connection);
  }
}
