import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './connection.js';

const LOOK_MS = 5_000;
/** After how many looks without an answer, 10 s, a connection is given up: usual work keeps Redis busy for less. */
const MOST_LOOKS = 2;

/**
 * Gives up connections that have become dead ends, as where the machine of a server is gone: nothing reports that. A caller that
 * waits for an answer would wait until the operating system gives up, a quarter of an hour; one that only listens, for hours.
 */
export function leaveDeadEnds(client: RedisClient, onDeadEnd: (error: Error) => void): void {
  /** How many looks ago each was asked. Looks and no clock: what came while a task blocked the process is read before the next. */
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

/** How much was heard on connections. */
class Heard {
  readonly #bytes = new WeakMap<Redis['stream'], number>();

  /** What arrives after this is news. */
  note({ stream }: Redis): void {
    // One that never connected has none.
    if (stream) this.#bytes.set(stream, stream.bytesRead);
  }

  /** Whether something has arrived since the last look, and no caller waits for an answer: then no question is needed. */
  hasAnswered(connection: Redis): boolean {
    const { stream, commandQueue } = connection;
    const before = stream && this.#bytes.get(stream);
    this.note(connection);
    return before !== undefined && stream.bytesRead > before && commandQueue.length === 0;
  }
}

/** Resolves once the server has said anything, or the connection is lost. */
export async function answered(connection: Redis): Promise<void> {
  try {
    await connection.ping();
  } catch (error) {
    // The client's limit for each command says nothing of the connection.
    if (error instanceof Error && error.message === 'Command timed out') await answered(connection);
  }
}
