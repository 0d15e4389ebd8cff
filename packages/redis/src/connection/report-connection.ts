import type { Connection, ConnectionChange, Report } from '@carillon/core/internal';
import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './connection.js';
import { answered } from './dead-ends.js';

interface Watched {
  /** Reports that its connection was given up as a dead end. */
  readonly givenUp: (error: Error) => void;
}

/** Reports what happens to a connection, and to the duplicates that BullMQ makes of it. */
export function reportConnection(client: RedisClient, redis: string, report: Report): Watched {
  reportDuplicates(client, redis, report);
  const nodes = () => (client instanceof Cluster ? client.nodes() : [client]);
  return watch(client, { redis, answered: () => allAnswered(nodes()) }, report);
}

/**
 * Watches duplicates, without asking them whether they answer: a duplicate waits long for deliveries, and is silent meanwhile. BullMQ stops
 * listening to a duplicate when it closes it. An error after that, such as Redis' refusal of more clients, would end the process without this.
 */
function reportDuplicates(client: RedisClient, redis: string, report: Report): void {
  const duplicate: (...args: never[]) => RedisClient = client.duplicate.bind(client);
  const watchedDuplicate = (...args: never[]) => {
    const made = duplicate(...args);
    watch(made, { redis }, report);
    return made;
  };
  client.duplicate = watchedDuplicate as typeof client.duplicate;
}

function watch(client: RedisClient, connection: Connection, report: Report): Watched {
  const changed = (change: ConnectionChange) => report({ kind: 'connection', connection, change });
  client.on('connecting', () => changed('pending'));
  client.on('ready', () => changed('up'));
  client.on('close', () => changed('pending'));
  client.on('end', () => changed('ended'));
  client.on('error', (error: Error) => {
    if (client.status !== 'ready') return changed({ error });
    // If the error costs the connection, it closes at once, and the next one shows whether Redis is there.
    setImmediate(() => {
      if (client.status === 'ready') report({ kind: 'connection_error', redis: connection.redis, error });
    });
  });
  return { givenUp: (error) => changed({ error }) };
}

async function allAnswered(nodes: readonly Redis[]): Promise<void> {
  await Promise.all(nodes.map(answered));
}
