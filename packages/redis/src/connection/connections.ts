import { CarillonError, type ConnectionError } from '@carillon/core';
import { addressOf, isConnectionFault, type Outage, type RedisBackendOptions } from '@carillon/core/internal';
import {
  type ConnectionManner,
  closeConnection,
  connectionError,
  openConnection,
  type RedisClient,
} from './connection.js';
import { ConnectionWatch } from './connection-watch.js';
import { leaveDeadEnds } from './dead-ends.js';
import { reportConnection } from './report-connection.js';

/** A client, and what is known of its connection. */
export interface Connected {
  readonly client: RedisClient;
  readonly watch: ConnectionWatch;
}

/** The connections of a member to one Redis: one for commands, and others when they are asked for. Each connects with its first command. */
export class Connections {
  readonly commands: Connected;
  readonly #options: RedisBackendOptions;
  readonly #others: RedisClient[] = [];
  #error: Error | undefined;

  constructor(options: RedisBackendOptions) {
    this.#options = options;
    this.commands = this.#connected(options, (error) => {
      this.#error = error;
    });
  }

  /** Opens one more connection. */
  open(fail: ConnectionManner['fail']): Connected {
    const connected = this.#connected({ fail });
    this.#others.push(connected.client);
    return connected;
  }

  get outage(): Outage | null {
    return this.commands.watch.outage;
  }

  /** Why the connection for commands is lost, if that is known. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** Turns an error of a connection into one of ours, which says which Redis it is. Returns any other error unchanged. */
  failure<E>(error: E): E | ConnectionError {
    if (error instanceof CarillonError || !isConnectionFault(error)) return error;
    return connectionError(this.#options.redis, error);
  }

  close(): void {
    for (const client of [...this.#others, this.commands.client]) closeConnection(client);
  }

  #connected(
    { fail, commandTimeoutMs }: ConnectionManner,
    onOutage: (error: Error | undefined) => void = () => {},
  ): Connected {
    const { redis, report } = this.#options;
    const client = openConnection(redis, { fail, ...(commandTimeoutMs === undefined ? {} : { commandTimeoutMs }) });
    const reported = reportConnection(client, addressOf(redis), report);
    leaveDeadEnds(client, (error) => {
      reported.givenUp(error);
      onOutage(error);
    });
    client.on('error', (error: Error) => onOutage(error));
    client.on('ready', () => onOutage(undefined));
    return { client, watch: new ConnectionWatch(client) };
  }
}
