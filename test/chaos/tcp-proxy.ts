import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Lane } from './lane.js';

/**
 * What a proxy does with what comes: `open`; `mute`: requests pass, replies are lost; `swallow`: takes everything and gives
 * nothing, of new connections too; `shut`: lets nobody in.
 */
type Manner = 'open' | 'mute' | 'swallow' | 'shut';

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  readonly requests: Lane;
  readonly replies: Lane;
}

/** Bytes that passed, that were late, and that were lost since the proxy began; connections that it cut. */
export interface Traffic {
  requests: number;
  replies: number;
  late: number;
  lost: number;
  cut: number;
}

/** A way to Redis, for one process, that can be made slow, torn, or a dead end. */
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

  /** Resolves with the URL to use in place of that of Redis. */
  async listen(): Promise<string> {
    this.#listener.listen(0, '127.0.0.1');
    await once(this.#listener, 'listening');
    return `redis://127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
  }

  /** From now on everything is so much later, in order. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** From now on everything is kept until `open`. */
  hold(): void {
    this.#delayMs = Number.POSITIVE_INFINITY;
  }

  /** From now on requests pass, and their replies are lost. */
  mute(): void {
    this.#manner = 'mute';
  }

  /** From now on connections are open at this end only: what is sent is taken, and nothing comes back. */
  swallow(): void {
    this.#manner = 'swallow';
  }

  /** Cuts every connection and lets no new one in. */
  shut(): void {
    this.#manner = 'shut';
    this.cut();
  }

  /** Everything passes again, first what was kept. A connection of which a part was lost is cut: it means nothing any more. */
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
    // To who is swallowed up, nothing tells that the other end has gone.
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

/** As a machine does that has forgotten the connection. Of one that is half closed or not open yet, Node would never let go. */
function reset(socket: Socket): void {
  if (socket.readyState === 'open') socket.resetAndDestroy();
  else socket.destroy();
}
