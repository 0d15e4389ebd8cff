import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Lane } from './lane.js';

/**
 * How a proxy handles traffic. `open` passes everything. `mute` passes requests and loses replies. `swallow` takes everything and
 * returns nothing, for new connections too. `shut` accepts no connection.
 */
type Manner = 'open' | 'mute' | 'swallow' | 'shut';

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  readonly requests: Lane;
  readonly replies: Lane;
}

/** Bytes that passed, were late or were lost since the proxy began, and connections that it cut. */
export interface Traffic {
  requests: number;
  replies: number;
  late: number;
  lost: number;
  cut: number;
}

/** A way to Redis for one process. A test can slow it down, cut it or block it. */
export class TcpProxy {
  readonly traffic: Traffic = { requests: 0, replies: 0, late: 0, lost: 0, cut: 0 };
  readonly #upstream: number;
  readonly #listener: Server;
  readonly #connections = new Set<Connection>();
  #manner: Manner = 'open';
  #delayMs = 0;

  /** @param upstream port of Redis on this machine. */
  constructor(upstream: number) {
    this.#upstream = upstream;
    this.#listener = createServer((client) => this.#accept(client));
  }

  /** Resolves with the URL to use instead of that of Redis. */
  async listen(): Promise<string> {
    this.#listener.listen(0, '127.0.0.1');
    await once(this.#listener, 'listening');
    return `redis://127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
  }

  /** Delays everything by `ms` from now on, in order. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** Holds everything from now on until `open`. */
  hold(): void {
    this.#delayMs = Number.POSITIVE_INFINITY;
  }

  /** Passes requests and loses their replies from now on. */
  mute(): void {
    this.#manner = 'mute';
  }

  /** Keeps connections open only at the client's end from now on: takes what it sends, and returns nothing. */
  swallow(): void {
    this.#manner = 'swallow';
  }

  /** Cuts every connection and accepts no new one. */
  shut(): void {
    this.#manner = 'shut';
    this.cut();
  }

  /** Passes everything again, the held bytes first. After `mute` and `swallow` it cuts all connections, as parts of them were lost. */
  open(): void {
    if (this.#manner === 'mute' || this.#manner === 'swallow') this.cut();
    this.#manner = 'open';
    this.#delayMs = 0;
    for (const { requests, replies } of this.#connections) {
      requests.flush();
      replies.flush();
    }
  }

  /** Resets every connection. Returns how many there were. */
  cut(): number {
    const count = this.#connections.size;
    this.traffic.cut += count;
    for (const connection of this.#connections) this.#end(connection);
    return count;
  }

  async close(): Promise<void> {
    this.cut();
    if (this.#listener.listening) await new Promise((resolve) => this.#listener.close(resolve));
  }

  #accept(client: Socket): void {
    if (this.#manner === 'shut') {
      reset(client);
      return;
    }
    const server = connect({ port: this.#upstream, host: '127.0.0.1' });
    const connection = { client, server, requests: new Lane(server), replies: new Lane(client) };
    this.#connections.add(connection);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
    }
    client.on('data', (chunk) => this.#relay(connection, 'requests', chunk));
    server.on('data', (chunk) => this.#relay(connection, 'replies', chunk));
    client.on('close', () => this.#end(connection));
    // A client whose traffic is swallowed does not learn that the server's end closed.
    server.on('close', () => this.#manner === 'swallow' || this.#end(connection));
  }

  #relay(connection: Connection, kind: 'requests' | 'replies', chunk: Buffer): void {
    if (this.#manner === 'swallow' || (this.#manner === 'mute' && kind === 'replies')) {
      this.traffic.lost += chunk.length;
      return;
    }
    this.traffic[kind] += chunk.length;
    if (connection[kind].pass(chunk, this.#delayMs)) this.traffic.late += chunk.length;
  }

  #end(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    for (const lane of [connection.requests, connection.replies]) lane.clear();
    for (const socket of [connection.client, connection.server]) reset(socket);
  }
}

/** Resets a connection, as a machine does that has forgotten it. Node would never release one that is half closed or not open yet. */
function reset(socket: Socket): void {
  if (socket.readyState === 'open') socket.resetAndDestroy();
  else socket.destroy();
}
