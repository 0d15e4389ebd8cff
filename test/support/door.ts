import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy to a Redis on this machine that can lose connections in the ways in which a network loses them. */
export class Door {
  /** The port that connections go to from now on. */
  upstream: number;
  /** Called with each chunk that is sent to Redis; if it returns `false`, the chunk does not arrive. */
  onRequest: (sent: Buffer) => unknown = () => {};
  /** The reply to each new connection before it is closed; if undefined, connections get through. */
  refusal: string | undefined;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  constructor(upstream: number) {
    this.upstream = upstream;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    this.#server = createServer((client) => this.#accept(client));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Cuts all connections; new ones are refused until it opens again. */
  async shut(): Promise<void> {
    const closed = this.#server && once(this.#server, 'close');
    this.#server?.close();
    this.cut();
    await closed;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Silently drops all data on the existing connections from now on, without closing them; new connections work. */
  deaden(): number {
    const dead = [...this.#sockets];
    for (const socket of dead) socket.removeAllListeners('data').resume();
    return dead.length;
  }

  #accept(client: Socket): void {
    if (this.refusal !== undefined) {
      client.on('error', () => {}).end(this.refusal, () => client.destroy());
      return;
    }
    const server = connect({ port: this.upstream, host: '127.0.0.1' });
    const pairs = [
      [client, server],
      [server, client],
    ] as const;
    for (const [socket, other] of pairs) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (sent) => this.onRequest(sent) !== false && server.write(sent));
    server.on('data', (sent) => void client.write(sent));
  }
}
